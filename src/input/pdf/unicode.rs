//! Which character a glyph is, where the font does not say it or says it oddly.
//!
//! Takes characters and glyphs of the library; gives characters. Makers of PDF files write radicals and compatibility
//! ideographs for the characters that look like them; fonts with a predefined encoding need no table of their own.

use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, String as PdfString};
use rustc_hash::FxHashMap;

/// The characters of U+2F00 and after: Kangxi radicals.
const KANGXI: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾\
    干幺广廴廾弋弓彐彡彳心戈户手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生\
    用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷\
    豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨青非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻\
    黄黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// The characters of U+F900 and after: compatibility ideographs.
const COMPATIBLE: &str = "豈更車賈滑串句龜龜契金喇奈懶癩羅蘿螺裸邏樂洛烙珞落酪駱亂卵欄爛蘭鸞嵐濫藍襤拉臘蠟廊朗浪狼郎來冷勞擄櫓\
    爐盧老蘆虜路露魯鷺碌祿綠菉錄鹿論壟弄籠聾牢磊賂雷壘屢樓淚漏累縷陋勒肋凜凌稜綾菱陵讀拏樂諾丹寧怒率異北\
    磻便復不泌數索參塞省葉說殺辰沈拾若掠略亮兩凉梁糧良諒量勵呂女廬旅濾礪閭驪麗黎力曆歷轢年憐戀撚漣煉璉秊\
    練聯輦蓮連鍊列劣咽烈裂說廉念捻殮簾獵令囹寧嶺怜玲瑩羚聆鈴零靈領例禮醴隸惡了僚寮尿料樂燎療蓼遼龍暈阮劉\
    杻柳流溜琉留硫紐類六戮陸倫崙淪輪律慄栗率隆利吏履易李梨泥理痢罹裏裡里離匿溺吝燐璘藺隣鱗麟林淋臨立笠粒\
    狀炙識什茶刺切度拓糖宅洞暴輻行降見廓兀嗀﨎﨏塚﨑晴﨓﨔凞猪益礼神祥福靖精羽﨟蘒﨡諸﨣﨤逸都﨧﨨﨩飯飼\
    館鶴郞隷侮僧免勉勤卑喝嘆器塀墨層屮悔慨憎懲敏既暑梅海渚漢煮爫琢碑社祉祈祐祖祝禍禎穀突節練縉繁署者臭艹\
    艹著褐視謁謹賓贈辶逸難響頻恵𤋮舘﩮﩯並况全侀充冀勇勺喝啕喙嗢塚墳奄奔婢嬨廒廙彩徭惘慎愈憎慠懲戴揄搜摒\
    敖晴朗望杖歹殺流滛滋漢瀞煮瞧爵犯猪瑱甆画瘝瘟益盛直睊着磌窱節类絛練缾者荒華蝹襁覆視調諸請謁諾諭謹變贈\
    輸遲醙鉶陼難靖韛響頋頻鬒龜𢡊𢡄𣏕㮝䀘䀹𥉉𥳐𧻓齃龎";

/// Radicals of today's form, each with the character that it is.
const RADICALS: &str = "⺟母⺠民⻁虎⻃西⻄西⻅见⻆角⻇角⻉贝⻋车⻑長⻓长⻔门⻕阜⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻡首⻢马⻣骨⻤鬼\
    ⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻱龜⻳龟";

/// `c` as it is written everywhere else; one character for one.
pub fn fold(c: char) -> char {
    let at = |table: &str, first: u32| table.chars().nth((c as u32 - first) as usize);
    match c {
        '\u{2f00}'..='\u{2fd5}' => at(KANGXI, 0x2f00).unwrap_or(c),
        '\u{f900}'..='\u{fad9}' => at(COMPATIBLE, 0xf900).unwrap_or(c),
        '\u{2e80}'..='\u{2eff}' => {
            let mut pairs = RADICALS.chars().zip(RADICALS.chars().skip(1)).step_by(2);
            pairs.find(|&(radical, _)| radical == c).map_or(c, |(_, plain)| plain)
        }
        '\u{a0}' => ' ',
        _ => c,
    }
}

/// Fonts whose own encoding tells the characters of codes though nothing in the file does.
pub struct Predefined<'a> {
    pdf: &'a Pdf,
    fonts: Option<FxHashMap<String, Option<Encoding>>>,
}

struct Encoding {
    /// None where the code is the number of the character in the collection.
    codes: Option<CMap>,
    characters: CMap,
}

impl<'a> Predefined<'a> {
    pub fn new(pdf: &'a Pdf) -> Predefined<'a> {
        Predefined { pdf, fonts: None }
    }

    /// The character of a glyph for which the library knows none.
    pub fn lookup(&mut self, glyph: &Glyph<'_>) -> Option<char> {
        let Glyph::Outline(outline) = glyph else { return None };
        let name = outline.font_data()?.postscript_name?;
        let fonts = self.fonts.get_or_insert_with(|| encodings(self.pdf));
        let encoding = fonts.get(&name)?.as_ref()?;
        let code = outline.char_code();
        let cid = match &encoding.codes {
            Some(codes) => (1..=4).find_map(|length| codes.lookup_cid_code(code, length))?,
            None => code,
        };
        match encoding.characters.lookup_bf_string(cid)? {
            BfString::Char(c) => Some(c),
            BfString::String(text) => text.chars().next(),
        }
    }
}

/// By the name of the font; fonts of one name that are encoded differently are told by neither.
fn encodings(pdf: &Pdf) -> FxHashMap<String, Option<Encoding>> {
    let mut fonts: FxHashMap<String, Option<Encoding>> = FxHashMap::default();
    let mut seen: FxHashMap<String, Vec<u8>> = FxHashMap::default();
    for object in pdf.objects() {
        let Some(dict) = object.into_dict() else { continue };
        let kind = dict.get::<Name<'_>>(b"Subtype" as &[u8]);
        if kind.is_none_or(|kind| &*kind != b"Type0") || dict.contains_key(b"ToUnicode" as &[u8]) {
            continue;
        }
        let Some(name) = dict.get::<Name<'_>>(b"BaseFont" as &[u8]) else { continue };
        let name = name.as_str();
        let name = match name.split_once('+') {
            Some((tag, rest)) if tag.len() == 6 => rest.to_owned(),
            _ => name.to_owned(),
        };
        let Some(Object::Name(encoding)) = dict.get::<Object<'_>>(b"Encoding" as &[u8]) else { continue };
        match seen.get(&name) {
            Some(other) if other[..] != encoding[..] => {
                fonts.insert(name, None);
            }
            Some(_) => {}
            None => {
                seen.insert(name.clone(), encoding.to_vec());
                fonts.insert(name, self::encoding(&dict, &encoding));
            }
        }
    }
    fonts
}

fn encoding(font: &Dict<'_>, name: &Name<'_>) -> Option<Encoding> {
    let parse = |name: CMapName<'_>| CMap::parse(load_embedded(name)?, load_embedded);
    let name = CMapName::from_bytes(name);
    let codes = match name {
        CMapName::IdentityH | CMapName::IdentityV => None,
        name => Some(parse(name)?),
    };
    let own = codes.as_ref().and_then(|codes| codes.metadata().character_collection.as_ref());
    let family = own.map(|own| own.family.clone()).or_else(|| {
        let kids = font.get::<Array<'_>>(b"DescendantFonts" as &[u8])?;
        let info = kids.iter::<Dict<'_>>().next()?.get::<Dict<'_>>(b"CIDSystemInfo" as &[u8])?;
        let registry = info.get::<PdfString<'_>>(b"Registry" as &[u8])?;
        let ordering = info.get::<PdfString<'_>>(b"Ordering" as &[u8])?;
        Some(CidFamily::from_registry_ordering(&registry, &ordering))
    })?;
    Some(Encoding { codes, characters: parse(family.ucs2_cmap()?)? })
}
