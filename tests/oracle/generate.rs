//! Random profiles in all the spellings that YAML and Spring know.

/// A small generator whose runs can be repeated.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

const SCALARS: [&str; 24] = [
    "true",
    "'no'",
    "yes",
    "off",
    "On",
    "1.30",
    "0777",
    "0x1f",
    "1_000",
    "12:30:45",
    "2024-01-01",
    "\"a: b\"",
    "plain text",
    "~",
    "''",
    "",
    "'it''s'",
    "\"tab\\there\"",
    "x#y",
    "${HOME}/x",
    "${MISSING:fallback}",
    "!!str 5",
    "{}",
    "[]",
];
const KEYS: [&str; 18] = [
    "server",
    "port",
    "aws",
    "s3",
    "'quoted key'",
    "\"double\"",
    "a.b",
    "camelCase",
    "kebab-case",
    "snake_case",
    "UPPER",
    "1",
    "yes",
    "'[bracket.key]'",
    "map[0]",
    "kubernetes",
    "Other.Plugin",
    "deep",
];

struct Writer<'r> {
    random: &'r mut Random,
    step: usize,
    anchors: Vec<String>,
    names: usize,
    remarks: bool,
}

/// Returns a profile's text. It is YAML, and Spring loads it unless [`may_be_broken`] says so.
pub fn profile(random: &mut Random) -> String {
    let step = 1 + random.below(4);
    let remarks = random.one_in(2);
    let (crlf, bom, open) = (random.one_in(6), random.one_in(8), random.one_in(4));
    let documents = if random.one_in(5) { 2 + random.below(2) } else { 1 };
    let mut text = String::new();
    if random.one_in(6) {
        text.push_str("---\n");
    }
    for number in 0..documents {
        if number > 0 {
            text.push_str("---\n");
        }
        let mut writer = Writer { random, step, anchors: Vec::new(), names: 0, remarks };
        text.push_str(&writer.document(number, documents));
    }
    if open {
        text.truncate(text.trim_end().len());
    }
    if crlf {
        text = text.replace('\n', "\r\n");
    }
    if bom { format!("\u{feff}{text}") } else { text }
}

/// A condition that some Spring Boots refuse (`spring.profiles` in Boot 3).
pub fn may_be_broken(text: &str, boot: &str) -> bool {
    boot.starts_with('3') && text.contains("profiles:")
}

impl Writer<'_> {
    fn document(&mut self, number: usize, of: usize) -> String {
        let mut out = String::new();
        if self.random.one_in(2) {
            out.push_str(&format!("shared{number}: &s{number}\n{}", self.entries(1, 2)));
            self.anchors.push(format!("s{number}"));
        }
        out.push_str(&self.entries(0, 3));
        if of > 1 && number > 0 && self.random.one_in(2) {
            let profile = self.random.pick(&["prod", "local", "test,local", "'!prod'"]);
            let pad = " ".repeat(self.step);
            out.push_str(&match self.random.below(3) {
                0 => format!("spring.profiles: {profile}\n"),
                1 => format!("spring:\n{pad}profiles: {profile}\n"),
                _ => format!("spring:\n{pad}config:\n{pad}{pad}activate.on-profile: {profile}\n"),
            });
        }
        if self.random.one_in(2) {
            out.push_str(&self.spinnaker());
        }
        out
    }

    /// Entries of a mapping, each key once.
    fn entries(&mut self, indent: usize, depth: usize) -> String {
        let pad = " ".repeat(indent * self.step);
        let mut out = String::new();
        let mut seen: Vec<&str> = Vec::new();
        for _ in 0..=self.random.below(4) {
            let key = self.random.pick(&KEYS);
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
            if self.remarks && self.random.one_in(3) {
                out.push_str(&format!("{pad}# about {}\n", key.trim_matches(['\'', '"'])));
            }
            out.push_str(&format!("{pad}{key}:{}", self.value(indent, depth)));
            if self.random.one_in(9) {
                out.push('\n');
            }
        }
        if indent > 0 && !self.anchors.is_empty() && self.random.one_in(5) {
            let name = self.anchors[self.random.below(self.anchors.len())].clone();
            out.push_str(&format!("{pad}<<: *{name}\n"));
        }
        out
    }

    /// What stands behind a key's colon, its line break included.
    fn value(&mut self, indent: usize, depth: usize) -> String {
        let pad = " ".repeat((indent + 1) * self.step);
        match self.random.below(if depth == 0 { 6 } else { 9 }) {
            0 => format!(" |\n{pad}line one\n{pad}  line two # no remark\n"),
            1 => format!(" >-\n{pad}folded\n{pad}text\n"),
            2 if !self.anchors.is_empty() => {
                format!(" *{}\n", self.anchors[self.random.below(self.anchors.len())])
            }
            3 => {
                self.names += 1;
                format!(" &v{} {}\n", self.names, self.random.pick(&["1", "text", "'quoted'"]))
            }
            4 => format!("\n{pad}- one\n{pad}- {{a: 1, b: [x, y]}}\n{pad}-\n"),
            6 => format!(" {{{}}}\n", self.flow(2)),
            7 | 8 => format!("\n{}", self.entries(indent + 1, depth - 1)),
            _ => {
                let remark = if self.remarks && self.random.one_in(3) { "  # remark" } else { "" };
                format!(" {}{remark}\n", self.random.pick(&SCALARS))
            }
        }
    }

    fn flow(&mut self, depth: usize) -> String {
        let mut seen: Vec<&str> = Vec::new();
        let mut parts = Vec::new();
        for _ in 0..=self.random.below(2) {
            let key = self.random.pick(&["a", "b.c", "'d e'", "f"]);
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
            let value = if depth > 0 && self.random.one_in(3) {
                format!("{{{}}}", self.flow(depth - 1))
            } else {
                self.random.pick(&["1", "'x'", "yes", "~", "plain text", "[1, 2]"]).to_owned()
            };
            parts.push(format!("{key}: {value}"));
        }
        parts.join(", ")
    }

    /// Something below `spinnaker`, from nothing of ours to all of it.
    fn spinnaker(&mut self) -> String {
        let (one, two, three, four) = (self.pad(1), self.pad(2), self.pad(3), self.pad(4));
        let merge = match self.anchors.last() {
            Some(name) if self.random.one_in(3) => format!("{one}<<: *{name}\n"),
            _ => String::new(),
        };
        match self.random.below(10) {
            0 => format!("spinnaker:\n{merge}{one}s3:\n{two}enabled: false\n"),
            1 => format!(
                "spinnaker:\n{merge}{one}extensibility:\n{two}plugins: {{}}\n{two}repositories: {{}}\n"
            ),
            2 => format!(
                "spinnaker:\n{merge}{one}extensibility:\n{two}plugins:\n{three}Other.Plugin:\n{four}enabled: true\n"
            ),
            3 => "spinnaker.extensibility.plugins.Armory.AWSCATsOnEvent.enabled: false\n".to_owned(),
            4 => format!(
                "spinnaker:\n{one}extensibility.plugins:\n{two}Armory.AWSCATsOnEvent: {{enabled: yes, version: 0.1.0}}\n"
            ),
            5 => format!(
                "spinnaker:\n{merge}{one}extensibility:\n{two}plugins:\n{three}Armory.Integration:\n{four}id: Armory.AWSCATsOnEvent\n{four}enabled: true\n{four}version: 0.2.1\n"
            ),
            6 => format!(
                "spinnaker:\n{one}extensibility:\n{two}plugins:\n{three}'[Armory.AWSCATsOnEvent]':\n{four}enabled: true\n"
            ),
            7 => format!(
                "spinnaker:\n{one}extensibility:\n{two}repositories:\n{three}mine:\n{four}enabled: {}\n{four}url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/plugins.json\n",
                self.random.pick(&["true", "'off'", "no"])
            ),
            8 => "spinnaker: {extensibility: {plugins: {Other.Plugin: {enabled: true}}, repositories: {}}}\n"
                .to_owned(),
            _ => format!(
                "spinnaker:\n{one}extensibility:\n{two}plugins:\n{three}Armory.AWSCATsOnEvent:\n{four}enabled: \"on\"\n{four}version: '0.2.1'\n{four}config:\n{four} a: 1\n"
            ),
        }
    }

    fn pad(&self, depth: usize) -> String {
        " ".repeat(depth * self.step)
    }
}
