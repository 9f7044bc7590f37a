//! A guard: the machine code of the derivative and of its Jacobian works on full registers.
//!
//! Whether a loop became vector instructions is decided by the compiler, silently; a change of a line can make the kernel
//! several times slower without changing a bit of any result. So this test reads its own executable, decodes the kernels
//! (the functions that [`osteoflare_vector::Vector::apart`] keeps apart) and counts what they compute with.
#![cfg(all(target_arch = "x86_64", target_os = "linux"))]

use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic};
use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::LOCAL_STATES;
use osteoflare_patient::awake::AwakeSystem;
use osteoflare_patient::host::Host;
use osteoflare_patient::population::HostPopulation;

/// Arithmetic on double-precision numbers, by how many are computed at once.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    eight: usize,
    four: usize,
    two: usize,
    one: usize,
    /// Packed divisions of eight.
    divisions_of_eight: usize,
    /// Packed divisions of four.
    divisions_of_four: usize,
}

fn is_packed(mnemonic: Mnemonic) -> bool {
    use Mnemonic::{Vaddpd, Vdivpd, Vmulpd, Vsqrtpd, Vsubpd};
    matches!(mnemonic, Vaddpd | Vsubpd | Vmulpd | Vdivpd | Vsqrtpd)
}

fn is_scalar(mnemonic: Mnemonic) -> bool {
    use Mnemonic::{Vaddsd, Vdivsd, Vmulsd, Vsqrtsd, Vsubsd};
    matches!(mnemonic, Vaddsd | Vsubsd | Vmulsd | Vdivsd | Vsqrtsd)
}

impl Counted {
    fn add(&mut self, instruction: &Instruction) {
        let mnemonic = instruction.mnemonic();
        let register = instruction.op0_register();
        if is_packed(mnemonic) {
            match (register.is_zmm(), register.is_ymm()) {
                (true, _) => self.eight += 1,
                (_, true) => self.four += 1,
                _ => self.two += 1,
            }
            if mnemonic == Mnemonic::Vdivpd {
                self.divisions_of_eight += usize::from(register.is_zmm());
                self.divisions_of_four += usize::from(register.is_ymm());
            }
        } else if is_scalar(mnemonic) {
            self.one += 1;
        }
    }
}

/// What the kernels of an instruction set compute with, kernel by kernel.
fn kernels(set: &str) -> Vec<Counted> {
    let bytes = std::fs::read(std::env::current_exe().expect("a path")).expect("this executable");
    let file = object::File::parse(&*bytes).expect("an executable");
    let mut found = Vec::new();
    for symbol in file.symbols().filter(|s| s.kind() == SymbolKind::Text && s.size() > 0) {
        let name = symbol.name().unwrap_or_default();
        if !(name.contains(set) && name.contains("apart")) {
            continue;
        }
        let section =
            file.section_by_index(symbol.section_index().expect("in a section")).expect("a section");
        let code = section
            .data_range(symbol.address(), symbol.size())
            .expect("in the file")
            .expect("in the section");
        let mut counted = Counted::default();
        for instruction in &mut Decoder::with_ip(64, code, symbol.address(), DecoderOptions::NONE) {
            counted.add(&instruction);
        }
        found.push(counted);
    }
    found
}

/// Links the kernels: what nothing calls is not in the executable.
fn use_kernels() {
    let p = Parameters::default();
    let population = HostPopulation::preset("healthy").expect("a preset");
    let host = Host::draw(&population, 1, 1, &p);
    let system = AwakeSystem::new(&p, &host.kinetic);
    let y = vec![0.0; system.len()];
    system.derivative(&y, &mut vec![0.0; system.len()]);
    system.jacobian_at(&y);
}

#[test]
fn kernels_compute_with_full_registers() {
    use_kernels();
    for (set, lanes) in [("Avx512", 8), ("Avx2", 4)] {
        let kernels = kernels(set);
        assert_eq!(kernels.len(), 2, "{set}: the derivative and the Jacobian; was `Vector::apart` renamed?");
        for counted in kernels {
            println!("{set}: {counted:?}");
            let full = if lanes == 8 { counted.eight } else { counted.four };
            let narrower = if lanes == 8 { counted.four } else { 0 } + counted.two;
            // Every state needs its production, its loss and their difference at the least.
            assert!(full > 10 * LOCAL_STATES, "{set}: {counted:?}");
            let divisions = if lanes == 8 { counted.divisions_of_eight } else { counted.divisions_of_four };
            assert!(divisions >= 6 * 8 / lanes, "{set}: {counted:?}");
            // Sums across the lanes and the circulation are narrower; the sites are not.
            assert!(narrower * 10 < full, "{set}: {counted:?}");
            assert!(counted.one < full, "{set}: {counted:?}");
        }
    }
}
