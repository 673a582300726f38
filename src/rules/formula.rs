//! The expression language of identities and indicators.
//!
//! Takes one line such as `本年支出 = 基本支出 + 项目支出 + 经营支出?`; gives its tree. Names are measures of
//! the lexicon, with selectors in brackets where they matter: a basis (`公用经费[决算] ÷ 公用经费[年初预算]`),
//! `[上年]` for the year before, or both; `?` marks an operand that counts only where the report states it. Operators: + − × ÷
//! (also - * /), brackets, and one comparison: = ≤ ≥ < >. Full-width forms are read alike.

use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::{char, one_of, satisfy};
use nom::combinator::{all_consuming, map, map_opt, opt, recognize};
use nom::multi::{fold, many0, many1_count};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};
use rust_decimal::Decimal;

#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Number(Decimal),
    Name { measure: String, selectors: Vec<String>, optional: bool },
    Binary { operator: Operator, left: Box<Node>, right: Box<Node> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    AtMost,
    AtLeast,
    Less,
    More,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Equation {
    pub left: Node,
    pub comparison: Comparison,
    pub right: Node,
    /// How far the left side may be off beside rounding, in the unit it is printed in.
    pub tolerance: Decimal,
}

/// An equation; the error is the byte offset where reading stopped.
pub fn equation(text: &str) -> Result<Equation, usize> {
    let mut whole = all_consuming((sum, comparison, sum, blank));
    match whole.parse(text) {
        Ok((_, (left, comparison, right, ()))) => {
            Ok(Equation { left, comparison, right, tolerance: Decimal::ZERO })
        }
        Err(error) => Err(stopped(text, &error)),
    }
}

/// A condition, `存在(name)` or `不存在(name)`: whether the name is to be stated, and the name.
pub fn condition(text: &str) -> Result<(bool, Node), usize> {
    let wanted = alt((map(tag("不存在"), |_| false), map(tag("存在"), |_| true)));
    let bracketed = delimited(one_of("(（"), preceded(blank, name), (blank, one_of(")）")));
    let mut whole = all_consuming((preceded(blank, wanted), preceded(blank, bracketed), blank));
    match whole.parse(text) {
        Ok((_, (wanted, name, ()))) => Ok((wanted, name)),
        Err(error) => Err(stopped(text, &error)),
    }
}

fn stopped(text: &str, error: &nom::Err<nom::error::Error<&str>>) -> usize {
    match error {
        nom::Err::Error(error) | nom::Err::Failure(error) => text.len() - error.input.len(),
        nom::Err::Incomplete(_) => text.len(),
    }
}

fn blank(input: &str) -> IResult<&str, ()> {
    fold(0.., satisfy(char::is_whitespace), || (), |(), _| ()).parse(input)
}

fn comparison(input: &str) -> IResult<&str, Comparison> {
    preceded(
        blank,
        map_opt(one_of("=＝≤≥<>＜＞"), |c| {
            Some(match c {
                '=' | '＝' => Comparison::Equal,
                '≤' => Comparison::AtMost,
                '≥' => Comparison::AtLeast,
                '<' | '＜' => Comparison::Less,
                _ => Comparison::More,
            })
        }),
    )
    .parse(input)
}

fn chain<'a>(
    mut item: impl FnMut(&'a str) -> IResult<&'a str, Node>,
    operators: &'static str,
    input: &'a str,
) -> IResult<&'a str, Node> {
    let (mut rest, mut left) = item(input)?;
    while let Ok((after, sign)) =
        preceded(blank, one_of::<_, _, nom::error::Error<&str>>(operators)).parse(rest)
    {
        let (after, right) = item(after)?;
        let operator = match sign {
            '+' | '＋' => Operator::Add,
            '-' | '−' | '－' => Operator::Subtract,
            '×' | '*' => Operator::Multiply,
            _ => Operator::Divide,
        };
        left = Node::Binary { operator, left: Box::new(left), right: Box::new(right) };
        rest = after;
    }
    Ok((rest, left))
}

fn sum(input: &str) -> IResult<&str, Node> {
    chain(product, "+＋-−－", input)
}

fn product(input: &str) -> IResult<&str, Node> {
    chain(atom, "×*÷/", input)
}

fn atom(input: &str) -> IResult<&str, Node> {
    let bracketed =
        alt((delimited(char('('), sum, (blank, char(')'))), delimited(char('（'), sum, (blank, char('）')))));
    preceded(blank, alt((bracketed, number, name))).parse(input)
}

fn number(input: &str) -> IResult<&str, Node> {
    let digits = recognize(many1_count(satisfy(|c| c.is_ascii_digit() || c == '.')));
    let (rest, value) = map_opt(digits, |text: &str| text.parse::<Decimal>().ok()).parse(input)?;
    let (rest, percent) = opt(one_of("%％")).parse(rest)?;
    Ok((rest, Node::Number(if percent.is_some() { value / Decimal::ONE_HUNDRED } else { value })))
}

fn name(input: &str) -> IResult<&str, Node> {
    // Brackets belong to names such as 因公出国（境）费: a name may hold a pair inside itself.
    let letter = |c: char| !c.is_whitespace() && !"+＋-−－×*÷/=＝≤≥<>＜＞[]［］?？()（）".contains(c);
    let plain = |input| recognize(many1_count(satisfy(letter))).parse(input);
    let inner = recognize((char('（'), plain, char('）'), plain));
    let (rest, measure) = recognize((plain, opt(inner))).parse(input)?;
    let selector = delimited(one_of("[［"), map(plain, str::to_owned), one_of("]］"));
    let (rest, selectors) = many0(selector).parse(rest)?;
    let (rest, optional) = opt(one_of("?？")).parse(rest)?;
    Ok((rest, Node::Name { measure: measure.to_owned(), selectors, optional: optional.is_some() }))
}

impl Node {
    /// Calls `found` for every name in the tree.
    pub fn names<'a>(&'a self, found: &mut impl FnMut(&'a str, &'a [String], bool)) {
        match self {
            Node::Number(_) => {}
            Node::Name { measure, selectors, optional } => found(measure, selectors, *optional),
            Node::Binary { left, right, .. } => {
                left.names(found);
                right.names(found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(node: &Node) -> String {
        match node {
            Node::Number(value) => value.to_string(),
            Node::Name { measure, selectors, optional } => {
                let selectors: String = selectors.iter().map(|one| format!("[{one}]")).collect();
                format!("{measure}{selectors}{}", if *optional { "?" } else { "" })
            }
            Node::Binary { operator, left, right } => {
                format!("({} {operator:?} {})", shown(left), shown(right))
            }
        }
    }

    #[test]
    fn equations_are_read_as_an_accountant_writes_them() {
        let read = equation("本年支出 = 基本支出 + 项目支出 − 经营支出?").expect("an equation");
        assert_eq!(shown(&read.right), "((基本支出 Add 项目支出) Subtract 经营支出?)");
        let read = equation("变动率 = （三公[决算]－三公［上年］）÷三公[上年]×100%").expect("an expression");
        assert_eq!(shown(&read.right), "(((三公[决算] Subtract 三公[上年]) Divide 三公[上年]) Multiply 1)");
        let read = equation("三公 ＝ 因公出国（境）费 + 公务接待费").expect("a name with brackets");
        assert_eq!(shown(&read.right), "(因公出国（境）费 Add 公务接待费)");
        let read = equation("a = 三公[上年][年初预算]?").expect("two selectors");
        assert_eq!(shown(&read.right), "三公[上年][年初预算]?");
        let (wanted, name) = condition(" 不存在（公务用车购置费[决算] ）").expect("a condition");
        assert_eq!((wanted, shown(&name)), (false, "公务用车购置费[决算]".to_owned()));
        assert_eq!(condition("存在 a"), Err("存在 ".len()));
        assert_eq!(equation("基本支出 = "), Err("基本支出 = ".len()));
        assert_eq!(equation("基本支出 + "), Err("基本支出 +".len() + 1));
    }
}
