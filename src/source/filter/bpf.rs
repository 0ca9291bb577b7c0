//! Classic BPF: the machine that filter programs run on (McCanne and Jacobson, "The BSD Packet Filter", 1993).
//!
//! An accumulator, an index register, sixteen cells of memory; jumps go forward only, so that every program ends. A load beyond what was
//! captured rejects the frame, as does division by zero.

/// A program whose jumps all lead to one of its instructions.
#[derive(Debug)]
pub(super) struct Program(Vec<Instruction>);

#[derive(Clone, Copy, Debug)]
struct Instruction {
    code: u16,
    jump_true: u8,
    jump_false: u8,
    k: u32,
}

/// Cells of scratch memory.
const CELLS: usize = 16;

// Instruction classes: the lowest three bits of the code.
const LD: u16 = 0;
const LDX: u16 = 1;
const ST: u16 = 2;
const STX: u16 = 3;
const ALU: u16 = 4;
const JMP: u16 = 5;
const RET: u16 = 6;

/// In arithmetic and jumps: the operand is the index register, not the constant.
const X: u16 = 0x08;

/// What an instruction leads to.
enum Flow {
    /// Over so many instructions to the one after them.
    On(usize),
    /// To the end, with or without a match.
    Return(bool),
}

struct Machine<'a> {
    data: &'a [u8],
    wire_len: u32,
    a: u32,
    x: u32,
    cells: [u32; CELLS],
}

impl Program {
    /// A program from instructions written as `tcpdump -ddd` writes them: `code jump-if-true jump-if-false constant`, in decimal. `None` where
    /// one is not.
    pub(super) fn parse(lines: impl Iterator<Item = String>) -> Option<Self> {
        let instruction = |line: String| {
            let mut numbers = line.split(' ').map(str::parse::<u32>);
            let mut next = || numbers.next()?.ok();
            Some(Instruction {
                code: next()?.try_into().ok()?,
                jump_true: next()?.try_into().ok()?,
                jump_false: next()?.try_into().ok()?,
                k: next()?,
            })
        };
        lines.map(instruction).collect::<Option<_>>().map(Self)
    }

    /// Whether a frame matches, of which `data` was captured, and which had `wire_len` bytes.
    pub(super) fn matches(&self, data: &[u8], wire_len: u32) -> bool {
        let mut machine = Machine { data, wire_len, a: 0, x: 0, cells: [0; CELLS] };
        let mut at = 0;
        // Every step goes forward. What leaves the program, or is no instruction, matches nothing.
        while let Some(instruction) = self.0.get(at) {
            match machine.step(instruction) {
                Some(Flow::On(over)) => at += over + 1,
                Some(Flow::Return(matches)) => return matches,
                None => return false,
            }
        }
        false
    }
}

impl Machine<'_> {
    /// Carries out one instruction; `None` where that is impossible, which rejects the frame.
    fn step(&mut self, i: &Instruction) -> Option<Flow> {
        let operand = if i.code & X == 0 { i.k } else { self.x };
        match i.code & 0x07 {
            LD => self.a = self.load(i)?,
            LDX => self.x = self.load_index(i)?,
            ST => *self.cells.get_mut(i.k as usize)? = self.a,
            STX => *self.cells.get_mut(i.k as usize)? = self.x,
            ALU => self.a = calculate(i.code & 0xF0, self.a, operand)?,
            JMP => {
                let holds = match i.code & 0xF0 {
                    0x00 => return Some(Flow::On(i.k as usize)),
                    0x10 => self.a == operand,
                    0x20 => self.a > operand,
                    0x30 => self.a >= operand,
                    0x40 => self.a & operand != 0,
                    _ => return None,
                };
                return Some(Flow::On(if holds { i.jump_true } else { i.jump_false }.into()));
            }
            RET => return Some(Flow::Return(if i.code & 0x18 == 0x10 { self.a } else { i.k } != 0)),
            _ if i.code & 0xF8 == 0 => self.x = self.a,
            _ => self.a = self.x,
        }
        Some(Flow::On(0))
    }

    /// The value a load into the accumulator asks for, by its mode.
    fn load(&self, i: &Instruction) -> Option<u32> {
        match i.code & 0xE0 {
            0x00 => Some(i.k),
            0x20 => self.octets(i.code, i.k),
            // Beyond 2^32 there is nothing to load.
            0x40 => self.octets(i.code, self.x.checked_add(i.k)?),
            0x60 => self.cells.get(i.k as usize).copied(),
            0x80 => Some(self.wire_len),
            _ => None,
        }
    }

    fn load_index(&self, i: &Instruction) -> Option<u32> {
        match i.code & 0xE0 {
            // The length of an IPv4 header, from its first octet.
            0xA0 => Some((u32::from(*self.data.get(i.k as usize)?) & 0x0F) * 4),
            0x00 | 0x60 | 0x80 => self.load(i),
            _ => None,
        }
    }

    /// One, two or four octets of the frame, by the size in the code.
    fn octets(&self, code: u16, offset: u32) -> Option<u32> {
        let rest = self.data.get(offset as usize..)?;
        match code & 0x18 {
            0x00 => rest.first_chunk().map(|octets| u32::from_be_bytes(*octets)),
            0x08 => rest.first_chunk().map(|octets| u16::from_be_bytes(*octets).into()),
            0x10 => rest.first().map(|octet| u32::from(*octet)),
            _ => None,
        }
    }
}

fn calculate(operation: u16, a: u32, operand: u32) -> Option<u32> {
    Some(match operation {
        0x00 => a.wrapping_add(operand),
        0x10 => a.wrapping_sub(operand),
        0x20 => a.wrapping_mul(operand),
        0x30 => a.checked_div(operand)?,
        0x40 => a | operand,
        0x50 => a & operand,
        0x60 => a.checked_shl(operand).unwrap_or(0),
        0x70 => a.checked_shr(operand).unwrap_or(0),
        0x80 => a.wrapping_neg(),
        0x90 => a.checked_rem(operand)?,
        0xA0 => a ^ operand,
        _ => return None,
    })
}
