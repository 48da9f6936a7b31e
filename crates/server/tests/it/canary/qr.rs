//! QR codes in SVG, drawn to pixels and read back by a reader that shares no code with the writer.

/// Pixels of a module.
const SCALE: usize = 4;

/// Modules on a side, at most: the largest code has 177, and its quiet zone.
const SIDE_MAX: usize = 200;

/// What the codes of all pictures say.
pub(crate) fn read_all(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    let text = String::from_utf8_lossy(bytes);
    for picture in text.split("<svg").skip(1) {
        let picture = picture.split("</svg").next().unwrap_or_default();
        all.extend(drawn(picture).iter().flat_map(read));
    }
    all
}

/// Dark and light, row by row.
struct Picture {
    side: usize,
    dark: Vec<bool>,
}

fn read(picture: &Picture) -> Vec<u8> {
    let side = picture.side * SCALE;
    let grey = |x: usize, y: usize| if picture.dark[y / SCALE * picture.side + x / SCALE] { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, grey);
    let mut said = Vec::new();
    for grid in image.detect_grids() {
        // A code that is damaged says nothing to anybody.
        let _ = grid.decode_to(&mut said);
        said.push(b'\n');
    }
    said
}

/// Draws what stands on whole modules, in one colour each; other pictures are no codes.
fn drawn(svg: &str) -> Option<Picture> {
    let head = svg.split('>').next()?;
    let side = attribute(head, "viewBox")?.split(' ').nth(2)?.parse().ok().filter(|side| *side <= SIDE_MAX)?;
    let mut picture = Picture { side, dark: vec![false; side * side] };
    for element in svg.split('<').skip(1) {
        let is_dark = !matches!(attribute(element, "fill"), Some("#fff" | "#ffffff" | "white" | "none"));
        let number = |name| attribute(element, name).and_then(|number| number.parse::<usize>().ok());
        if element.starts_with("rect") {
            let (x, y) = (number("x").unwrap_or(0), number("y").unwrap_or(0));
            fill(&mut picture, (x, y), (number("width")?, number("height")?), is_dark);
        } else if element.starts_with("path") {
            path(&mut picture, attribute(element, "d")?, is_dark)?;
        }
    }
    Some(picture)
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// A path of rectangles: `M x y h w v h h -w z`, the numbers in whatever way they are set apart.
fn path(picture: &mut Picture, path: &str, is_dark: bool) -> Option<()> {
    for rectangle in path.split('M').skip(1) {
        let numbers: Vec<i64> = rectangle
            .split(|c: char| c.is_ascii_alphabetic() || c.is_whitespace() || c == ',')
            .filter_map(|number| number.parse().ok())
            .collect();
        let [x, y, width, height, ..] = numbers[..] else { return None };
        let whole = |number: i64| usize::try_from(number).ok();
        fill(picture, (whole(x)?, whole(y)?), (whole(width)?, whole(height)?), is_dark);
    }
    Some(())
}

fn fill(picture: &mut Picture, (x, y): (usize, usize), (width, height): (usize, usize), is_dark: bool) {
    for row in y..(y + height).min(picture.side) {
        for column in x..(x + width).min(picture.side) {
            picture.dark[row * picture.side + column] = is_dark;
        }
    }
}
