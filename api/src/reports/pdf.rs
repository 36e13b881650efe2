//! A report on paper: letter size, Helvetica, page numbers; wide tables lie on their side.
//!
//! Lengths are twentieths of a point, so that they are whole numbers. The standard fonts know the letters of western
//! Europe; others are printed as a question mark (spreadsheets have them all).

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use super::{Cell, Row, Table};

/// Twentieths of a point in a point.
const POINT: i32 = 20;
/// Letter size, upright.
const PAPER: (i32, i32) = (612 * POINT, 792 * POINT);
const MARGIN: i32 = 36 * POINT;
const LINE: i32 = 11 * POINT;
const SIZE: i32 = 8 * POINT;
const TITLE: i32 = 13 * POINT;
/// Between two columns.
const GAP: i32 = 6 * POINT;
/// More letters across than this lie on their side.
const UPRIGHT_LETTERS: u16 = 112;

const REGULAR: Name<'static> = Name(b"F1");
const BOLD: Name<'static> = Name(b"F2");

/// The file.
pub fn write(table: &Table) -> Vec<u8> {
    let layout = Layout::of(table);
    let pages = layout.pages(table);
    let mut pdf = Pdf::new();
    let mut next = 1;
    let mut new = || {
        let id = Ref::new(next);
        next += 1;
        id
    };
    let (catalog, tree, info, regular, bold) = (new(), new(), new(), new(), new());
    let leaves: Vec<(Ref, Ref)> = pages.iter().map(|_| (new(), new())).collect();
    pdf.catalog(catalog).pages(tree).lang(TextStr("es-MX"));
    pdf.document_info(info).title(TextStr(table.title)).author(TextStr(&table.shop));
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(leaves.iter().map(|(page, _)| *page)).count(count);
    for (font, name) in [(regular, Name(b"Helvetica")), (bold, Name(b"Helvetica-Bold"))] {
        pdf.type1_font(font).base_font(name).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for (number, ((page, content), rows)) in leaves.into_iter().zip(&pages).enumerate() {
        let mut writer = pdf.page(page);
        let (width, height) = layout.paper;
        writer.media_box(Rect::new(0.0, 0.0, whole(width / POINT), whole(height / POINT)));
        writer.parent(tree).contents(content);
        writer.resources().fonts().pair(REGULAR, regular).pair(BOLD, bold);
        writer.finish();
        pdf.stream(content, &layout.page(table, rows, (number + 1, pages.len())));
    }
    pdf.finish()
}

/// A length as the format takes it. It fits: paper is less than a yard wide.
fn whole(length: i32) -> f32 {
    f32::from(i16::try_from(length).unwrap_or(i16::MAX))
}

struct Layout {
    paper: (i32, i32),
    /// Left edge and width of each column.
    columns: Vec<(i32, i32)>,
    /// Whether a column's cells stand at its right.
    right: Vec<bool>,
}

impl Layout {
    fn of(table: &Table) -> Self {
        let letters: u16 = table.columns.iter().map(|column| column.width).sum();
        let paper = if letters > UPRIGHT_LETTERS { (PAPER.1, PAPER.0) } else { PAPER };
        let gaps = i32::try_from(table.columns.len().saturating_sub(1)).unwrap_or(0) * GAP;
        let room = paper.0 - 2 * MARGIN - gaps;
        let mut left = MARGIN;
        let mut columns = Vec::new();
        for column in &table.columns {
            let width = room * i32::from(column.width) / i32::from(letters.max(1));
            columns.push((left, width));
            left += width + GAP;
        }
        let number =
            |place: usize| table.rows.iter().any(|row| row.cells.get(place).is_some_and(Cell::is_number));
        Self { paper, right: (0..columns.len()).map(number).collect(), columns }
    }

    /// Lines of rows on a page: the head takes the title, the notes and the heads of the columns.
    fn lines(&self, table: &Table) -> usize {
        let head = TITLE + LINE * (5 + i32::try_from(table.notes.len()).unwrap_or(0));
        usize::try_from((self.paper.1 - 2 * MARGIN - head) / LINE).unwrap_or(1).max(1)
    }

    fn pages<'a>(&self, table: &'a Table) -> Vec<&'a [Row]> {
        if table.rows.is_empty() { vec![&[]] } else { table.rows.chunks(self.lines(table)).collect() }
    }

    fn page(&self, table: &Table, rows: &[Row], (number, count): (usize, usize)) -> Vec<u8> {
        let mut page = Page::new();
        let mut y = self.paper.1 - MARGIN - SIZE;
        page.text(BOLD, SIZE, (MARGIN, y), &table.shop);
        y -= TITLE + LINE / 2;
        page.text(BOLD, TITLE, (MARGIN, y), table.title);
        for note in &table.notes {
            y -= LINE;
            page.text(REGULAR, SIZE, (MARGIN, y), note);
        }
        y -= LINE * 2;
        for (place, column) in table.columns.iter().enumerate() {
            self.cell(&mut page, BOLD, place, y, column.head);
        }
        page.rule((MARGIN, self.paper.0 - MARGIN), y - LINE / 3);
        y -= LINE / 4;
        for row in rows {
            y -= LINE;
            if row.total {
                page.rule((MARGIN, self.paper.0 - MARGIN), y + LINE * 5 / 6);
            }
            for (place, cell) in row.cells.iter().enumerate() {
                self.cell(&mut page, if row.total { BOLD } else { REGULAR }, place, y, &cell.words());
            }
        }
        let foot = format!("Página {number} de {count}");
        page.text(
            REGULAR,
            SIZE,
            (self.paper.0 - MARGIN - width(&encoded(&foot), SIZE, false), MARGIN - LINE),
            &foot,
        );
        page.0.finish().to_vec()
    }

    fn cell(&self, page: &mut Page, font: Name<'static>, place: usize, y: i32, words: &str) {
        let Some((left, room)) = self.columns.get(place).copied() else { return };
        if words.is_empty() {
            return;
        }
        let bold = font == BOLD;
        let mut bytes = encoded(words);
        if self.right[place] {
            // An amount is never cut: it may lean over its column.
            page.bytes(font, SIZE, (left + room - width(&bytes, SIZE, bold), y), &bytes);
            return;
        }
        if width(&bytes, SIZE, bold) > room {
            while !bytes.is_empty() && width(&bytes, SIZE, bold) + width(&[ELLIPSIS], SIZE, bold) > room {
                bytes.pop();
            }
            bytes.push(ELLIPSIS);
        }
        page.bytes(font, SIZE, (left, y), &bytes);
    }
}

/// What is drawn on a page.
struct Page(Content);

impl Page {
    fn new() -> Self {
        let mut content = Content::new();
        content.transform([0.05, 0.0, 0.0, 0.05, 0.0, 0.0]);
        content.set_line_width(8.0);
        Self(content)
    }

    fn text(&mut self, font: Name<'static>, size: i32, at: (i32, i32), words: &str) {
        self.bytes(font, size, at, &encoded(words));
    }

    fn bytes(&mut self, font: Name<'static>, size: i32, (x, y): (i32, i32), bytes: &[u8]) {
        self.0
            .begin_text()
            .set_font(font, whole(size))
            .next_line(whole(x), whole(y))
            .show(Str(bytes))
            .end_text();
    }

    fn rule(&mut self, (from, to): (i32, i32), y: i32) {
        self.0.move_to(whole(from), whole(y)).line_to(whole(to), whole(y)).stroke();
    }
}

const ELLIPSIS: u8 = 0x85;

/// Windows-1252, the encoding of the standard fonts.
fn encoded(words: &str) -> Vec<u8> {
    words
        .chars()
        .map(|letter| match letter {
            '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(letter)).unwrap_or(b'?'),
            '€' => 0x80,
            '…' => ELLIPSIS,
            '‘' => 0x91,
            '’' => 0x92,
            '“' => 0x93,
            '”' => 0x94,
            '•' => 0x95,
            '–' => 0x96,
            '—' => 0x97,
            _ => b'?',
        })
        .collect()
}

/// The width of words in a size.
fn width(bytes: &[u8], size: i32, bold: bool) -> i32 {
    let thousandths: i32 = bytes.iter().map(|byte| i32::from(advance(*byte, bold))).sum();
    thousandths * size / 1_000
}

/// A letter's width in thousandths of the size, as the font's metrics say (Adobe, Core 14 AFM); an accent adds none.
fn advance(byte: u8, bold: bool) -> u16 {
    const REGULAR: [u16; 95] = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556,
        556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778,
        722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278,
        278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
        556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];
    const BOLD: [u16; 95] = [
        278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556,
        556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778,
        722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333,
        278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
        611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
    ];
    let plain = match byte {
        0xc0..=0xc5 => b'A',
        0xc7 => b'C',
        0xc8..=0xcb => b'E',
        // A capital I is as wide as a small one with an accent.
        0xcc..=0xcf | 0xec..=0xef => b'I',
        0xd1 => b'N',
        0xd2..=0xd6 => b'O',
        0xd9..=0xdc => b'U',
        0xe0..=0xe5 => b'a',
        0xe7 => b'c',
        0xe8..=0xeb => b'e',
        0xf1 => b'n',
        0xf2..=0xf6 => b'o',
        0xf9..=0xfc => b'u',
        0xa0 => b' ',
        ELLIPSIS | 0x97 => return 1_000,
        other => other,
    };
    let widths = if bold { &BOLD } else { &REGULAR };
    usize::from(plain).checked_sub(0x20).and_then(|place| widths.get(place)).copied().unwrap_or(556)
}

#[cfg(test)]
mod tests {
    use diario_domain::Cents;

    use super::{super::Column, *};

    #[test]
    fn amounts_stand_under_each_other_and_words_are_cut() {
        assert_eq!(width(b"1,234.56", SIZE, false), width(b"9,876.10", SIZE, false));
        assert_eq!(encoded("Año €1 – ş"), [b'A', 0xf1, b'o', b' ', 0x80, b'1', b' ', 0x96, b' ', b'?']);
    }

    #[test]
    fn a_long_report_has_several_pages_and_always_the_same_bytes() {
        let columns = [Column::words("name", "Nombre", 30), Column::money("amount", "Importe")];
        let mut table = Table::new("Prueba", "Nota".to_owned(), &columns);
        for row in 0..200_i64 {
            table.row(vec![
                format!("Renglón {row} {}", "muy largo ".repeat(30)).into(),
                Cents(row * 100_000).into(),
            ]);
        }
        let pages = Layout::of(&table).pages(&table).len();
        assert!((3..=5).contains(&pages), "{pages} pages");
        let file = write(&table);
        assert!(file.starts_with(b"%PDF-") && file == write(&table));
    }
}
