//! A real pseudo-terminal with a terminal emulator behind it.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

pub struct Pty {
    parser: Arc<Mutex<vt100::Parser>>,
    bytes: Arc<Mutex<Vec<u8>>>,
    writer: Mutex<Box<dyn Write + Send>>,
    master: Box<dyn MasterPty + Send>,
    pub child: Box<dyn Child + Send + Sync>,
}

const PATIENCE: Duration = Duration::from_secs(40);

fn cells(number: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(number).unwrap()
}

impl Pty {
    pub fn start(arguments: &[&str], environment: &[(&str, &str)], size: (u16, u16)) -> Self {
        Self::run(super::program(), arguments, environment, size)
    }

    /// Starts the program in a site's environment.
    pub fn start_in(arguments: &[&str], environment: &[(String, String)], size: (u16, u16)) -> Self {
        let pairs: Vec<(&str, &str)> =
            environment.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        Self::start(arguments, &pairs, size)
    }

    /// Runs the program behind a terminal of its own inside this one: when the process between them
    /// dies, the program's terminal is really gone.
    pub fn behind_a_line(arguments: &str, size: (u16, u16)) -> Self {
        let command = format!("{} {arguments}", super::program());
        Self::run("script", &["-qefc", &command, "/dev/null"], &[], size)
    }

    fn run(program: &str, arguments: &[&str], environment: &[(&str, &str)], size: (u16, u16)) -> Self {
        let pair = native_pty_system()
            .openpty(PtySize { rows: size.1, cols: size.0, pixel_width: 0, pixel_height: 0 })
            .unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("NO_PROXY", "127.0.0.1");
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        for (key, value) in environment {
            command.env(key, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let parser = Arc::new(Mutex::new(vt100::Parser::new(cells(size.1), cells(size.0), 0)));
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (their_parser, their_bytes) = (parser.clone(), bytes.clone());
        std::thread::spawn(move || {
            let (mut buffer, mut unseen) = ([0; 8192], Vec::new());
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                unseen.extend_from_slice(&buffer[..count]);
                let whole = whole_frames(&unseen);
                their_parser.lock().unwrap().process(&unseen[..whole]);
                unseen.drain(..whole);
                their_bytes.lock().unwrap().extend_from_slice(&buffer[..count]);
            }
            their_parser.lock().unwrap().process(&unseen);
        });
        let writer = Mutex::new(pair.master.take_writer().unwrap());
        Self { parser, bytes, writer, master: pair.master, child }
    }

    pub fn screen(&self) -> String {
        self.parser.lock().unwrap().screen().contents()
    }

    pub fn alternate(&self) -> bool {
        self.parser.lock().unwrap().screen().alternate_screen()
    }

    pub fn written(&self) -> usize {
        self.bytes.lock().unwrap().len()
    }

    /// Everything that was ever written to the terminal.
    pub fn everything(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap()).into_owned()
    }

    pub fn send(&mut self, text: &str) {
        self.write(text);
    }

    fn write(&self, text: &str) {
        self.writer.lock().unwrap().write_all(text.as_bytes()).unwrap();
    }

    pub fn resize(&self, width: u16, height: u16) {
        let size = PtySize { rows: height, cols: width, pixel_width: 0, pixel_height: 0 };
        self.parser.lock().unwrap().screen_mut().set_size(cells(height), cells(width));
        self.master.resize(size).unwrap();
    }

    /// Waits until the screen holds a text.
    pub fn wait(&self, text: &str) {
        self.until(&format!("the screen holds {text:?}"), |screen| screen.contains(text));
    }

    pub fn until(&self, what: &str, holds: impl Fn(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        let mut pressed = Instant::now();
        loop {
            let screen = self.screen();
            if holds(&screen) {
                return;
            }
            assert!(Instant::now() < end, "waited for: {what}\n{screen}");
            // As the screen asks for it, and as a human would: a slow machine is still looking.
            let asked = screen.contains("Press Enter again in a moment");
            if asked && pressed.elapsed() > Duration::from_millis(500) {
                self.write("\r");
                pressed = Instant::now();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until something holds of this terminal.
    pub fn until_that(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(Instant::now() < end, "waited for: {what}\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits until nothing has been written for a while.
    pub fn settled(&self) {
        let mut last = (self.written(), Instant::now());
        while last.1.elapsed() < Duration::from_millis(150) {
            std::thread::sleep(Duration::from_millis(5));
            if self.written() != last.0 {
                last = (self.written(), Instant::now());
            }
        }
    }

    /// Sends a key once the screen holds a text.
    pub fn at(&mut self, text: &str, keys: &str) {
        self.wait(text);
        self.send(keys);
    }

    /// Moves the focus with a key until the screen holds a text; each press is waited for, so that on a slow machine
    /// none goes too far.
    pub fn move_until(&mut self, key: &str, text: &str) {
        while !self.screen().contains(text) {
            let before = focused(&self.screen());
            self.send(key);
            self.until(&format!("the focus leaves {before:?}"), |screen| focused(screen) != before);
        }
    }

    /// Sends a key until the screen holds a text: a key that comes with a screen is not taken for an
    /// answer there, so a human presses it again.
    pub fn press_until(&mut self, key: &str, text: &str) {
        self.repeat(key, text, Duration::from_millis(500));
    }

    /// The same, as somebody does who waits and sees that nothing came of it.
    pub fn insist(&mut self, key: &str, text: &str) {
        self.repeat(key, text, Duration::from_secs(3));
    }

    fn repeat(&mut self, key: &str, text: &str, each: Duration) {
        let end = Instant::now() + PATIENCE;
        while !self.screen().contains(text) {
            assert!(Instant::now() < end, "pressed for: {text}\n{}", self.screen());
            self.send(key);
            let pause = Instant::now() + each;
            while Instant::now() < pause && !self.screen().contains(text) {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }

    /// Sends a key until the screen holds a text no more: where more keys would be taken for answers.
    pub fn leave(&mut self, key: &str, text: &str) {
        let end = Instant::now() + PATIENCE;
        while self.screen().contains(text) {
            assert!(Instant::now() < end, "pressed to leave: {text}\n{}", self.screen());
            self.send(key);
            let pause = Instant::now() + Duration::from_millis(700);
            while Instant::now() < pause && self.screen().contains(text) {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }

    /// Waits for the end and returns the exit code.
    pub fn exit(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it does not end\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// How much of what was written is shown: a terminal that understands synchronised updates shows no half of one.
fn whole_frames(written: &[u8]) -> usize {
    const BEGIN: &[u8] = b"\x1b[?2026h";
    const END: &[u8] = b"\x1b[?2026l";
    let last = |mark: &[u8]| written.windows(mark.len()).rposition(|each| each == mark);
    let ended = last(END).map_or(0, |at| at + END.len());
    match last(BEGIN) {
        Some(begun) if begun >= ended => begun,
        _ => {
            let cut = (1..BEGIN.len()).rev().find(|cut| written[ended..].ends_with(&BEGIN[..*cut]));
            written.len() - cut.unwrap_or(0)
        }
    }
}

/// What the focus is on: the name behind its mark, without the value, which changes while it is typed.
fn focused(screen: &str) -> Vec<String> {
    let marked = screen.lines().filter_map(|line| Some(line.split_once(" > ")?.1));
    marked.map(|marked| marked.split("  ").next().unwrap_or_default().trim_end().to_owned()).collect()
}
