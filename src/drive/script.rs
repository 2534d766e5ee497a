//! The language of headless scripts: one instruction a line.

use ecw_wizard::messages::keymap::KeyPress;
use ecw_wizard::values::time::parse_span;

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// Keys, one after the other.
    Keys(Vec<KeyPress>),
    /// Text, character by character.
    Type(String),
    /// Text, as a paste.
    Paste(String),
    /// The frame must hold this text.
    Expect(String),
    /// The frame must not hold this text.
    ExpectNot(String),
    /// Time passes until the frame holds this text.
    Wait {
        text: String,
        /** at most, in milliseconds */
        within: u64,
    },
    /// Time passes.
    Sleep(u64),
    /// Another terminal size.
    Resize(u16, u16),
    /// The frame is printed under this name.
    Snapshot(String),
    /// The process dies between two effects.
    Kill,
    /// It starts again from what is on disk.
    Restart,
}

/// Returns the instructions with their line numbers.
///
/// # Errors
/// Names the line.
pub fn parse(text: &str) -> Result<Vec<(usize, Instruction)>, String> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let instruction = one(line).map_err(|why| format!("line {}: {why}", at + 1))?;
        found.push((at + 1, instruction));
    }
    Ok(found)
}

fn one(line: &str) -> Result<Instruction, String> {
    if line.starts_with('<') {
        return keys(line).map(Instruction::Keys);
    }
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim();
    match word {
        "type" => Ok(Instruction::Type(rest.to_owned())),
        "paste" => Ok(Instruction::Paste(rest.to_owned())),
        "expect" => match rest.strip_prefix("not ") {
            Some(text) => quoted(text.trim()).map(|(text, _)| Instruction::ExpectNot(text)),
            None => quoted(rest).map(|(text, _)| Instruction::Expect(text)),
        },
        "wait" => {
            let (text, rest) = quoted(rest)?;
            let within = rest.trim().strip_prefix("within").unwrap_or("30s").trim();
            Ok(Instruction::Wait {
                text,
                within: parse_span(within).ok_or("a length of time, such as 30s, is wanted")?,
            })
        }
        "sleep" => parse_span(rest)
            .map(Instruction::Sleep)
            .ok_or_else(|| "a length of time, such as 30s, is wanted".to_owned()),
        "resize" => {
            let size = rest
                .split_once('x')
                .and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
            size.map(|(width, height)| Instruction::Resize(width, height))
                .ok_or_else(|| "a size, such as 80x24, is wanted".to_owned())
        }
        "snapshot" if !rest.is_empty() => Ok(Instruction::Snapshot(rest.to_owned())),
        "kill" => Ok(Instruction::Kill),
        "restart" => Ok(Instruction::Restart),
        _ => Err(format!(
            "unknown instruction {word}; known: <keys>, type, paste, expect, expect not, wait, sleep, resize, snapshot, kill, restart"
        )),
    }
}

fn quoted(text: &str) -> Result<(String, &str), String> {
    let rest = text.strip_prefix('"').ok_or("a text in double quotes is wanted")?;
    let end = rest.find('"').ok_or("the closing quote is missing")?;
    Ok((rest[..end].to_owned(), &rest[end + 1..]))
}

fn keys(line: &str) -> Result<Vec<KeyPress>, String> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(open) = rest.strip_prefix('<') {
        let end = open.find('>').ok_or("the closing > is missing")?;
        let name = &open[..end];
        let (name, times) = match name.split_once('*') {
            Some((name, times)) => {
                (name, times.parse().map_err(|_| format!("{times} is no number of times"))?)
            }
            None => (name, 1),
        };
        let key = key(name).ok_or_else(|| format!("there is no key <{name}>"))?;
        found.extend(std::iter::repeat_n(key, times));
        rest = open[end + 1..].trim_start();
    }
    if rest.is_empty() { Ok(found) } else { Err(format!("unexpected {rest}")) }
}

/// Returns a key by its name: `enter`, `down`, `ctrl-c`, `alt-b`, `f1`, or a single character.
#[must_use]
pub fn key(name: &str) -> Option<KeyPress> {
    let lower = name.to_ascii_lowercase();
    if let Some(letter) = lower.strip_prefix("ctrl-").or(lower.strip_prefix("c-")) {
        return letter.chars().next().filter(|_| letter.len() == 1).map(KeyPress::Ctrl);
    }
    if let Some(letter) = lower.strip_prefix("alt-") {
        return letter.chars().next().filter(|_| letter.len() == 1).map(KeyPress::Alt);
    }
    Some(match lower.as_str() {
        "enter" => KeyPress::Enter,
        "esc" => KeyPress::Esc,
        "tab" => KeyPress::Tab,
        "backtab" | "shift-tab" => KeyPress::BackTab,
        "up" => KeyPress::Up,
        "down" => KeyPress::Down,
        "left" => KeyPress::Left,
        "right" => KeyPress::Right,
        "home" => KeyPress::Home,
        "end" => KeyPress::End,
        "pgup" => KeyPress::PageUp,
        "pgdn" => KeyPress::PageDown,
        "backspace" => KeyPress::Backspace,
        "del" => KeyPress::Delete,
        "space" => KeyPress::Char(' '),
        other => match other.strip_prefix('f').and_then(|number| number.parse().ok()) {
            Some(number @ 1..=12) => KeyPress::F(number),
            _ => {
                let mut chars = name.chars();
                match (chars.next(), chars.next()) {
                    (Some(each), None) => KeyPress::Char(each),
                    _ => return None,
                }
            }
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instruction_reads_and_mistakes_name_their_line() {
        let text = "# remark\n<down*2> <enter>\ntype a b\nwait \"Done\" within 5m\nexpect not \"x\"\nresize 60x15\nkill\nrestart\n";
        let read: Vec<Instruction> = parse(text).expect("reads").into_iter().map(|(_, each)| each).collect();
        assert_eq!(
            read,
            [
                Instruction::Keys(vec![KeyPress::Down, KeyPress::Down, KeyPress::Enter]),
                Instruction::Type("a b".to_owned()),
                Instruction::Wait { text: "Done".to_owned(), within: 300_000 },
                Instruction::ExpectNot("x".to_owned()),
                Instruction::Resize(60, 15),
                Instruction::Kill,
                Instruction::Restart,
            ]
        );
        assert_eq!(parse("\nfly"), Err("line 2: unknown instruction fly; known: <keys>, type, paste, expect, expect not, wait, sleep, resize, snapshot, kill, restart".to_owned()));
        assert_eq!(parse("<hop>"), Err("line 1: there is no key <hop>".to_owned()));
    }
}
