//! `rules/scoring.toml`: how the self-evaluation form calls its columns, rows and marks.

use rust_decimal::Decimal;
use serde::Deserialize;
use smol_str::SmolStr;

use super::profile::Grade;

/// What a column of the form holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormColumn {
    /// 年初预算数
    Opening,
    /// 全年预算数
    Full,
    /// 全年执行数
    Outturn,
    /// 执行率
    Rate,
    /// 分值
    Weight,
    /// 得分
    Score,
    /// 年度指标值
    Target,
    /// 实际完成值
    Actual,
    /// 偏差原因分析及改进措施
    Reason,
    /// 一级指标
    First,
    /// 三级指标, 指标名称
    Name,
    /// 指标性质: ≥, ≤, 定性
    Sign,
}

/// What a row of the form is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormRow {
    /// 年度资金总额
    Sum,
    /// 当年财政拨款
    Fiscal,
    /// 上年结转资金
    Carried,
    /// 其他资金
    OtherFunds,
    /// 总分
    Total,
    /// 小计
    Subtotal,
    /// 自评等级
    Grade,
    /// 预算执行率 among the indicators.
    Execution,
    /// 项目名称
    Project,
}

/// The tables of all files, their lists joined.
#[derive(Debug, Clone, Default)]
pub struct Scoring {
    /// What the weights of a whole form come to.
    pub full: Decimal,
    /// How many times its target an indicator may reach before the target is doubted.
    pub far: Decimal,
    columns: Vec<(SmolStr, FormColumn)>,
    rows: Vec<(SmolStr, FormRow)>,
    outside: Vec<SmolStr>,
    words: Words,
    /// Grade bands, best first, for a form whose kind of report names none.
    pub grades: Vec<Grade>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ScoringFile {
    grades: Vec<Grade>,
    full: Option<Decimal>,
    far: Option<Decimal>,
    columns: Columns,
    rows: Rows,
    words: Words,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Columns {
    opening: Vec<SmolStr>,
    full: Vec<SmolStr>,
    outturn: Vec<SmolStr>,
    rate: Vec<SmolStr>,
    weight: Vec<SmolStr>,
    score: Vec<SmolStr>,
    target: Vec<SmolStr>,
    actual: Vec<SmolStr>,
    reason: Vec<SmolStr>,
    first: Vec<SmolStr>,
    name: Vec<SmolStr>,
    sign: Vec<SmolStr>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Rows {
    sum: Vec<SmolStr>,
    fiscal: Vec<SmolStr>,
    carried: Vec<SmolStr>,
    other: Vec<SmolStr>,
    total: Vec<SmolStr>,
    subtotal: Vec<SmolStr>,
    grade: Vec<SmolStr>,
    execution: Vec<SmolStr>,
    project: Vec<SmolStr>,
    outside: Vec<SmolStr>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Words {
    blank: Vec<SmolStr>,
    none: Vec<SmolStr>,
    lower: Vec<SmolStr>,
    unmet: Vec<SmolStr>,
    absent: Vec<SmolStr>,
}

impl Scoring {
    pub(super) fn new(files: Vec<ScoringFile>) -> Self {
        let mut all = Scoring::default();
        for file in files {
            all.full = file.full.unwrap_or(all.full);
            all.far = file.far.unwrap_or(all.far);
            if !file.grades.is_empty() {
                all.grades = file.grades;
            }
            let columns = file.columns;
            let named = [
                (columns.opening, FormColumn::Opening),
                (columns.full, FormColumn::Full),
                (columns.outturn, FormColumn::Outturn),
                (columns.rate, FormColumn::Rate),
                (columns.weight, FormColumn::Weight),
                (columns.score, FormColumn::Score),
                (columns.target, FormColumn::Target),
                (columns.actual, FormColumn::Actual),
                (columns.reason, FormColumn::Reason),
                (columns.first, FormColumn::First),
                (columns.name, FormColumn::Name),
                (columns.sign, FormColumn::Sign),
            ];
            all.columns
                .extend(named.into_iter().flat_map(|(names, is)| names.into_iter().map(move |n| (n, is))));
            let rows = file.rows;
            let named = [
                (rows.sum, FormRow::Sum),
                (rows.fiscal, FormRow::Fiscal),
                (rows.carried, FormRow::Carried),
                (rows.other, FormRow::OtherFunds),
                (rows.total, FormRow::Total),
                (rows.subtotal, FormRow::Subtotal),
                (rows.grade, FormRow::Grade),
                (rows.execution, FormRow::Execution),
                (rows.project, FormRow::Project),
            ];
            all.rows
                .extend(named.into_iter().flat_map(|(names, is)| names.into_iter().map(move |n| (n, is))));
            all.outside.extend(rows.outside);
            all.words.blank.extend(file.words.blank);
            all.words.none.extend(file.words.none);
            all.words.lower.extend(file.words.lower);
            all.words.unmet.extend(file.words.unmet);
            all.words.absent.extend(file.words.absent);
        }
        all
    }

    /// What a column of this name holds; `name` without blanks and brackets.
    pub fn column(&self, name: &str) -> Option<FormColumn> {
        self.columns.iter().find(|(known, _)| known == name).map(|(_, is)| *is)
    }

    /// What a row of this name is; `name` without blanks, brackets and ordinal.
    pub fn row(&self, name: &str) -> Option<FormRow> {
        let named = self.rows.iter().find(|(known, _)| known == name);
        // 决策小计
        let ends =
            |(known, is): &&(SmolStr, FormRow)| *is == FormRow::Subtotal && name.ends_with(known.as_str());
        named.or_else(|| self.rows.iter().find(ends)).map(|(_, is)| *is)
    }

    /// 加分项: a row that is no part of the full mark.
    pub fn is_outside(&self, name: &str) -> bool {
        self.outside.iter().any(|word| name.contains(word.as_str()))
    }

    /// A cell that says nothing: blank, a stroke, 无.
    pub fn is_blank(&self, text: &str) -> bool {
        let mark = |c: char| c.is_whitespace() || "-—－–─/／\\*".contains(c);
        text.chars().all(mark) || self.words.blank.iter().any(|word| word == text.trim_matches(['。', ' ']))
    }

    /// A remark that says there is nothing to explain: 无偏差, 已完成.
    pub fn explains_nothing(&self, text: &str) -> bool {
        self.is_blank(text) || self.words.none.iter().any(|word| text.starts_with(word.as_str()))
    }

    /// Whether less may be better: 成本, 投诉.
    pub fn is_lower_better(&self, name: &str) -> bool {
        self.words.lower.iter().any(|word| name.contains(word.as_str()))
    }

    /// Whether `actual` says that the target was not reached: 未完成, against a target that is none itself.
    pub fn is_unmet(&self, target: &str, actual: &str) -> bool {
        let says = |words: &[SmolStr], text: &str| words.iter().any(|word| text.contains(word.as_str()));
        says(&self.words.unmet, actual) && !says(&self.words.absent, target)
    }
}
