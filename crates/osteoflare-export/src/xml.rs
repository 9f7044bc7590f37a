//! A small XML tree, and its text.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// An element with attributes, and either children or text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    text: Option<String>,
}

impl Element {
    /// An empty element.
    pub fn new(name: &str) -> Self {
        Element { name: name.to_owned(), ..Element::default() }
    }

    /// With an attribute.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.attributes.push((name.to_owned(), value.to_string()));
        self
    }

    /// With a child.
    pub fn child(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }

    /// With children.
    pub fn children(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children);
        self
    }

    /// With children, if there are any: SBML wants no empty lists from older readers.
    pub fn list(self, name: &str, children: Vec<Element>) -> Self {
        if children.is_empty() { self } else { self.child(Element::new(name).children(children)) }
    }

    /// With text.
    pub fn text(mut self, text: impl ToString) -> Self {
        self.text = Some(text.to_string());
        self
    }

    /// The document with this root.
    pub fn document(&self) -> String {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
        // Writing to memory cannot fail, and everything that is written is text.
        writer
            .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
            .and_then(|()| self.write(&mut writer))
            .expect("memory can be written");
        let mut text = String::from_utf8(writer.into_inner()).expect("only text was written");
        text.push('\n');
        text
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
        let mut start = BytesStart::new(self.name.as_str());
        for (name, value) in &self.attributes {
            start.push_attribute((name.as_str(), value.as_str()));
        }
        if self.children.is_empty() && self.text.is_none() {
            return writer.write_event(Event::Empty(start));
        }
        writer.write_event(Event::Start(start))?;
        if let Some(text) = &self.text {
            writer.write_event(Event::Text(BytesText::new(text)))?;
        }
        for child in &self.children {
            child.write(writer)?;
        }
        writer.write_event(Event::End(BytesEnd::new(self.name.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let tree = Element::new("a").with("b", "x < \"y\" & z").child(Element::new("c").text("1 < 2 & 3"));
        let text = tree.document();
        let read = roxmltree::Document::parse(&text).unwrap();
        assert_eq!(read.root_element().attribute("b"), Some("x < \"y\" & z"));
        assert_eq!(read.root_element().first_element_child().unwrap().text(), Some("1 < 2 & 3"));
    }
}
