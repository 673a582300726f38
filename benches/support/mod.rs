//! Reports to measure on: each differs from the others in its figures, years and names, and ties or
//! fails to tie just as `examples/draft.txt` does.
#![allow(dead_code, reason = "each harness takes what it needs")]

const DRAFT: &str = include_str!("../../examples/draft.txt");

/// Prose that brings a report to the usual length of such papers.
const WORK: &str = "\
附：主要工作开展情况
深入基层方面，组织会员分批到乡镇开展采风、辅导和展演，把创作课堂办到村部和学校，农闲时节逐村排出活动计划，\
由驻村干部和群众代表共同商定内容，活动结束后当场听取意见，对反映集中的问题列出清单、明确专人、限期答复。
队伍建设方面，坚持老会员带新会员，按照门类成立辅导小组，每个小组确定一名召集人，平时以自学为主，集中时以点评为主，\
鼓励会员拿出新作相互切磋，对成绩突出的推荐参加上级培训，对长期不参加活动的按照章程予以劝退。
制度建设方面，修订了经费审批、物品采购、公务接待等管理办法，明确经办、审核、审批三道关口，重大开支提交集体研究，\
财务人员每月与国库系统核对账目，发现差异当日查明原因，年底前对往来款项进行清理，做到账账相符、账表相符。
宣传服务方面，依托公众平台及时发布活动预告、作品赏析和办事指南，安排专人收集留言，能够当场答复的当场答复，\
需要协调的转交有关股室办理，办理结果在平台公开，群众对活动安排和服务态度总体认可，也对场地和时间提出了改进建议。
下一步打算，继续把创作和惠民放在首位，结合乡村振兴和文明创建安排选题，探索与学校、企业和社会组织合作的办法，\
完善项目从立项、实施到验收的全过程管理，把绩效理念落实到每一次活动，使有限的资金发挥更大的作用。
";

const PLACES: [&str; 10] = ["云岭", "清溪", "石桥", "南屏", "东湖", "白河", "青山", "临川", "松林", "望江"];

/// Report number `index`.
pub fn report(index: u64) -> String {
    let years = (index % 7) as i64 - 4;
    let factor = index * 37 % 193 + 1;
    let place = PLACES[(index / 7 % 10) as usize];
    let mut out = String::with_capacity(16_000);
    let draft = DRAFT.replace(PLACES[0], &format!("{place}{}", index % 89));
    let mut rest = draft.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        out.push_str(&rest[..at]);
        let end =
            rest[at..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(rest.len(), |len| at + len);
        let (figure, after) = (&rest[at..end], &rest[end..]);
        match figure.parse::<i64>() {
            Ok(year @ 2000..2100) => out.push_str(&(year + years).to_string()),
            // Every amount times the same: what tied still ties.
            _ if after.starts_with('万') || after.starts_with('元') => out.push_str(&times(figure, factor)),
            _ => out.push_str(figure),
        }
        rest = after;
    }
    out.push_str(rest);
    out.push_str(WORK);
    out
}

/// `factor` times the figure, with as many digits after the point.
fn times(figure: &str, factor: u64) -> String {
    let (whole, fraction) = figure.split_once('.').unwrap_or((figure, ""));
    let Ok(units) = format!("{whole}{fraction}").parse::<u64>() else { return figure.to_owned() };
    let digits = format!("{:0>width$}", units * factor, width = fraction.len() + 1);
    let (whole, fraction) = digits.split_at(digits.len() - fraction.len());
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// Reports one after another up to about `bytes`.
pub fn text(bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 16_000);
    let mut index = 0;
    while out.len() < bytes {
        out.push_str(&report(index));
        index += 1;
    }
    out
}

/// A passage of 300 characters that no other report has.
pub fn passage(index: u64) -> String {
    let mut out = String::from("\n另外的情况。");
    for place in 0..300u64 {
        let code = 0x4e00 + (mixed(index * 1000 + place) % 6000) as u32;
        out.push(char::from_u32(code).unwrap_or('一'));
        if place % 25 == 24 {
            out.push('，');
        }
    }
    out + "。\n"
}

/// A number that looks like chance and is the same every time.
pub fn mixed(seed: u64) -> u64 {
    let mut hash = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    hash = (hash ^ hash >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ hash >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ hash >> 31
}
