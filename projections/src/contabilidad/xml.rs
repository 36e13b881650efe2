//! The little XML that SAT's documents are: elements with attributes, no text.

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, Event},
};

/// A document on its way.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// An empty document.
    pub(super) fn new() -> Self {
        Self(Writer::new_with_indent(Vec::new(), b' ', 2))
    }

    /// Its first line.
    pub(super) fn declare(&mut self) {
        self.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    }

    /// The beginning of an element that others are in.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.write(Event::Start(BytesStart::new(name).with_attributes(attributes.iter().copied())));
    }

    /// An element that none is in.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.write(Event::Empty(BytesStart::new(name).with_attributes(attributes.iter().copied())));
    }

    /// The end of an element.
    pub(super) fn close(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// The text since the last one.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(self.0.get_mut())
    }

    fn write(&mut self, event: Event<'_>) {
        // Memory takes everything.
        let _ = self.0.write_event(event);
    }
}

/// A value of at most so many characters: what XML does not know and what breaks a line becomes a space.
pub(super) fn value(text: &str, most: usize) -> String {
    let plain = |letter: char| match letter {
        '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => ' ',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    let text: String = text.trim().chars().map(plain).take(most).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_its_letters_and_loses_what_no_document_holds() {
        assert_eq!(value(" Año & \"más\" <b>\n\u{0}\u{85}x ", 100), "Año & \"más\" <b>   x");
        assert_eq!(value("ñandú y más", 6), "ñandú");
        assert_eq!(value("\u{1}\n", 5), "");
        let mut xml = Xml::new();
        xml.declare();
        xml.open("a:B", &[("C", "<&>\"'á")]);
        xml.empty("a:D", &[]);
        xml.close("a:B");
        let text = String::from_utf8(xml.take()).unwrap();
        let wanted = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a:B C=\"&lt;&amp;&gt;&quot;&apos;á\">\n  <a:D/>\n</a:B>";
        assert_eq!(text, wanted);
    }
}
