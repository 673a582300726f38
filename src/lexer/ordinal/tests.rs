use super::*;

fn read(text: &str) -> Option<(Style, u32, &str)> {
    at_start(text, Span::of(0, text.len())).map(|mark| (mark.style, mark.value, &text[mark.span.range()]))
}

#[test]
fn marks_are_read() {
    use Style::*;
    let table = [
        ("第一部分 概况", Part, 1, "第一部分"),
        ("第二章 范围", Chapter, 2, "第二章"),
        ("第三条 本办法适用", Article, 3, "第三条"),
        ("一、基本情况", Chinese, 1, "一、"),
        ("　　二十六、其他支出", Chinese, 26, "二十六、"),
        ("六、一般公共预算", Chinese, 6, "六、"),
        ("（一）机构", ChineseBracket, 1, "（一）"),
        ("\u{a0}（十二）机构", ChineseBracket, 12, "（十二）"),
        ("(三) 机构", ChineseBracket, 3, "(三)"),
        ("（四）、评价", ChineseBracket, 4, "（四）、"),
        ("(5）评价", ArabicBracket, 5, "(5）"),
        ("1.目的", Arabic, 1, "1."),
        ("2．目的", Arabic, 2, "2．"),
        ("一 、基本情况", Chinese, 1, "一 、"),
        ("二，支出情况", Chinese, 2, "二，"),
        ("10、负责", Arabic, 10, "10、"),
        ("１、负责", Arabic, 1, "１、"),
        ("3）负责", ArabicHalfBracket, 3, "3）"),
        ("2.2010302一般行政管理事务支出", Arabic, 2, "2."),
        ("4．2023年部门预算", Arabic, 4, "4．"),
        ("③运行", Circled, 3, "③"),
        ("第一，加强", First, 1, "第一，"),
        ("二是开展", Is, 2, "二是"),
        ("首先，开展", Adverb, 1, "首先，"),
    ];
    for (text, style, value, mark) in table {
        assert_eq!(read(text), Some((style, value, mark)), "{text}");
    }
}

#[test]
fn what_only_looks_like_a_mark_is_none() {
    for text in [
        "2023年财政拨款",
        "1.5万元",
        "5月30日",
        "100%完成",
        "3.15晚会",
        "2010302一般行政管理事务支出",
        "（2023）财预",
        "三、四季度",
        "1、2月份",
        "第十条规定",
        "第三条、第四条",
        "一般公共预算",
        "二级机构",
        "0.7万元",
        "（一类）",
        "一是否",
        "十",
        "第二十条 第（一）项",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn chinese_numbers_to_999_come_back() {
    for value in 1..1000 {
        assert_eq!(chinese_value(&chinese_numeral(value)), Some(value));
    }
    for word in ["一二", "十十", "百", "零", "一百百"] {
        assert_eq!(chinese_value(word), None, "{word}");
    }
}

#[test]
fn marks_inside_a_paragraph_need_a_boundary() {
    let text = "包括：（1）甲；（2）乙，其中一是丙；二是丁。按第（三）项，一、二年级";
    let mut marks = Vec::new();
    let whole = Span::of(0, text.len());
    inside(text, whole, at_start(text, whole), |mark, _| marks.push(&text[mark.span.range()]));
    assert_eq!(marks, ["（1）", "（2）", "二是"]);
}

#[test]
fn whatever_begins_a_mark_may_follow() {
    for c in '\u{0}'..=char::MAX {
        let mut text = [0; 4];
        let text = c.encode_utf8(&mut text).as_bytes();
        let begins = is_numeral(c)
            || is_digit(c)
            || is_blank(c)
            || "第（(首其再最”\n".contains(c)
            || matches!(c, '\u{2460}'..='\u{249b}' | '\u{3220}'..='\u{3229}');
        assert!(!begins || inside::may_follow(text, 0), "{c:?}");
    }
}
