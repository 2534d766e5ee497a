//! The YAML event parser behind a small seam, so that another can take its place.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

/// How a collection is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Block,
    Flow,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quote {
    Plain,
    Single,
    Double,
    Block,
}

/// What stands before a node: its anchor (0 = none) and whether it has a tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Props {
    pub(crate) anchor: usize,
    pub(crate) tagged: bool,
}

/// One YAML event.
#[derive(Debug)]
pub(crate) enum Token<'a> {
    DocumentStart,
    DocumentEnd,
    MapStart(Style, Props),
    MapEnd,
    SeqStart(Props),
    SeqEnd,
    Scalar(Cow<'a, str>, Quote, Props),
    Alias(usize),
}

/// What the parser found wrong, and where.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) offset: usize,
}

/// Feeds every event of `text` with its byte range to `sink`.
///
/// # Errors
/// The first syntax error. Nesting deeper than the parser's limit (255) is one, so neither stack
/// nor memory grows with hostile input.
pub(crate) fn walk<'a>(text: &'a str, mut sink: impl FnMut(Token<'a>, Range<usize>)) -> Result<(), Fault> {
    let mut reached = 0;
    for next in Parser::new_from_str(text) {
        let (event, span) = next.map_err(|error| Fault {
            offset: error.marker().byte_offset().unwrap_or(reached),
            message: error.info(),
        })?;
        let range = span.byte_range().unwrap_or(reached..reached);
        reached = range.end;
        if let Some(token) = token(event) {
            sink(token, range);
        }
    }
    Ok(())
}

fn token(event: Event<'_>) -> Option<Token<'_>> {
    let props = Props { anchor: event.anchor_id().unwrap_or(0), tagged: event.tag().is_some() };
    Some(match event {
        Event::DocumentStart(..) => Token::DocumentStart,
        Event::DocumentEnd => Token::DocumentEnd,
        Event::MappingStart(style, ..) => Token::MapStart(style_of(style), props),
        Event::MappingEnd => Token::MapEnd,
        Event::SequenceStart(..) => Token::SeqStart(props),
        Event::SequenceEnd => Token::SeqEnd,
        Event::Scalar(value, style, ..) => Token::Scalar(value, quote_of(style), props),
        Event::Alias(id) => Token::Alias(id),
        // Not enabled in the parser's options, or of no meaning to an editor.
        _ => return None,
    })
}

fn style_of(style: StructureStyle) -> Style {
    match style {
        StructureStyle::Block => Style::Block,
        StructureStyle::Flow => Style::Flow,
    }
}

fn quote_of(style: ScalarStyle) -> Quote {
    match style {
        ScalarStyle::Plain => Quote::Plain,
        ScalarStyle::SingleQuoted => Quote::Single,
        ScalarStyle::DoubleQuoted => Quote::Double,
        ScalarStyle::Literal | ScalarStyle::Folded => Quote::Block,
    }
}
