//! The stepping loop allocates nothing.

mod children;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use children::{child, inflamed, sites_of};
use osteoflare_kinetics::local::Effects;
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{ANTIGENS, Local};
use osteoflare_kinetics::systemic::Imports;
use osteoflare_patient::awake::{AwakeSystem, Integration, position};
use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::system::{Statistics, Tolerance};

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call goes to the system allocator; a counter of this thread, which allocates nothing, is raised.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations of one integration over `span` days with a fresh and then with a used integrator, and the steps.
fn allocations(germs: bool, span: f64) -> (u64, u64, u64) {
    let p = Parameters::default();
    let host = child("broken_tolerance", 1, &p);
    let mut system = AwakeSystem::new(&p, &host.kinetic);
    system.set_sites(sites_of(&host, &p)[..40].iter().copied());
    system.set_inputs(&Effects::none(), Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 });
    let mut y = inflamed(40);
    if germs {
        y[position(Local::B, 3)] = 1.0;
    }
    let mut integrator = DormandPrince::new();
    let mut statistics = Statistics::default();
    let mut counts = [0; 2];
    for count in &mut counts {
        let before = ALLOCATIONS.get();
        system
            .integrate(Integration {
                integrator: &mut integrator,
                y: &mut y,
                day: 0.0,
                span,
                tolerance: Tolerance { relative: 1e-5, absolute: 1e-7 },
                statistics: &mut statistics,
            })
            .expect("solved");
        *count = ALLOCATIONS.get() - before;
    }
    (counts[0], counts[1], statistics.steps)
}

#[test]
fn steps_allocate_nothing() {
    for germs in [false, true] {
        let (first, again, steps) = allocations(germs, 30.0);
        assert!(steps > 100, "only {steps} steps");
        assert!(first > 0, "the counter does not count: a fresh integrator makes its work space");
        assert_eq!(again, 0, "germs {germs}");
        // A fresh integrator allocates its work space, however long it then runs.
        assert_eq!(first, allocations(germs, 60.0).0);
    }
}
