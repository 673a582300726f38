//! Text that a line crosses out: revisions printed with their marks show the deleted figure beside the new one.
//!
//! Takes the rules of a page and its lines; marks the characters that are crossed out.

use super::glyphs::Rule;
use super::lines::Line;

/// Where, in sizes above the line, a stroke crosses characters.
const FROM: f64 = 0.18;
const TO: f64 = 0.48;

pub struct Struck {
    /// Level rules from top to bottom.
    rules: Vec<Rule>,
}

impl Struck {
    pub fn new(rules: &[Rule]) -> Struck {
        let mut rules: Vec<Rule> = rules.iter().filter(|rule| rule.level).copied().collect();
        rules.sort_by(|a, b| a.at.total_cmp(&b.at));
        Struck { rules }
    }

    pub fn mark(&mut self, line: &mut Line) {
        let from = self.rules.partition_point(|rule| rule.at < line.y - TO * line.size);
        let near = self.rules[from..].iter().take_while(|rule| rule.at < line.y - FROM * line.size);
        for rule in near {
            // A stroke stays within its text.
            if rule.from < line.x0 - line.size || rule.to > line.x1 + line.size {
                continue;
            }
            let first = line.glyphs.partition_point(|glyph| glyph.x0 < rule.from - 0.3 * glyph.size);
            for glyph in &mut line.glyphs[first..] {
                if glyph.x1 > rule.to + 0.3 * glyph.size {
                    break;
                }
                glyph.struck = true;
            }
        }
    }
}
