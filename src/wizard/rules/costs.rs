//! What AWS charges, as an operator is told before the yes.

/// By `assets/prices.yml`.
pub const COST: &str = "Roughly, in us-east-1: AWS Config charges 0.003 USD for each change it records, with or without this; SNS charges 0.60 USD for a million messages to Gate, after the first 100,000 a month.";
