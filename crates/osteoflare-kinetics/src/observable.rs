//! Quantities that a child feels, derived from the state of a site.

use crate::local::Effects;
use crate::parameters::Parameters;
use crate::scalar::Scalar;
use crate::state::{LOCAL_STATES, Local};

/// Pain at a site, 0–10. `nociception` is the site's gain in this patient.
#[inline(always)]
pub fn pain<S: Scalar>(y: &[S; LOCAL_STATES], nociception: S, drug: &Effects<S>, p: &Parameters<S>) -> S {
    let one = S::constant(1.0);
    let i1 = y[Local::I1 as usize] * (one - drug.il1);
    let t = y[Local::T as usize] * (one - drug.tnf);
    let bacteria = y[Local::B as usize];
    // Bacteria excite nociceptors themselves, whatever the inflammation around them (Chiu 2013).
    let germs = p.painB * bacteria / (bacteria + p.KpainB);
    let drive = nociception
        * (p.painP * y[Local::Pg as usize]
            + p.pain1 * i1
            + p.paint * t
            + p.painW * y[Local::W as usize]
            + p.painN * y[Local::N as usize])
        * (one + p.painS * y[Local::Ps as usize])
        * (one - p.coxPain * drug.cox)
        + germs;
    // Exponent 2.5 as a square times a root, so that every scalar kind computes it.
    let steep = drive * drive * drive.sqrt();
    S::constant(10.0) * steep / (one + steep)
}
