//! An exported model, compiled to a shared library, as equations of diffsol.

use std::error::Error;
use std::ffi::c_int;
use std::path::Path;

use diffsol::{
    ConstantOp, FaerContext, FaerSparseMat, FaerVec, Matrix, NonLinearOp, NonLinearOpJacobian, OdeEquations,
    OdeEquationsRef, Op, ParameterisedOp, UnitCallable, Vector, VectorCommon,
};
use faer::sparse::{Pair, SymbolicSparseColMat};
use libloading::{Library, Symbol};

/// States.
pub type V = FaerVec<f64>;
/// Jacobian.
pub type M = FaerSparseMat<f64>;

type Rates = unsafe extern "C" fn(*const f64, *mut f64);

/// A jump of one state.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Strike {
    /// Day.
    pub day: f64,
    /// Place among the states.
    pub at: c_int,
    /// How much is added.
    pub amount: f64,
}

/// An exported model. States, per day; time in days.
pub struct Model {
    /// States of day 0.
    pub start: Vec<f64>,
    /// Jumps in the order of days.
    pub strikes: Vec<Strike>,
    rates: Rates,
    jacobian: Rates,
    /// With every diagonal entry, which solvers add to.
    pattern: SymbolicSparseColMat<usize>,
    /// Where each exported entry goes.
    slots: Vec<usize>,
    context: FaerContext,
    /// Holds the code of the functions above.
    _library: Library,
}

/// A number that the library exports.
fn number(library: &Library, name: &str) -> Result<usize, Box<dyn Error>> {
    // SAFETY: the text that `cargo xtask peers` appends to the model declares it as `const int`.
    let found: Symbol<'_, *const c_int> = unsafe { library.get(name.as_bytes())? };
    // SAFETY: as above.
    Ok(usize::try_from(unsafe { **found })?)
}

/// A table that the library exports.
fn table<T: Copy>(library: &Library, name: &str, len: usize) -> Result<Vec<T>, Box<dyn Error>> {
    // SAFETY: the exported model, and the text appended to it, declare tables of these names and lengths.
    let found: Symbol<'_, *const T> = unsafe { library.get(name.as_bytes())? };
    // SAFETY: as above.
    Ok(unsafe { std::slice::from_raw_parts(*found, len) }.to_vec())
}

impl Model {
    /// Loads a model.
    ///
    /// # Errors
    /// If the library cannot be opened or lacks something.
    pub fn load(path: &Path) -> Result<Model, Box<dyn Error>> {
        // SAFETY: the library is straight-line C without initialisers.
        let library = unsafe { Library::new(path)? };
        let states = number(&library, "osteoflare_states")?;
        let nonzeros = number(&library, "osteoflare_nonzeros")?;
        let columns: Vec<c_int> = table(&library, "osteoflare_columns", states + 1)?;
        let rows: Vec<c_int> = table(&library, "osteoflare_rows", nonzeros)?;
        let mut entries = Vec::with_capacity(nonzeros);
        for (column, ends) in columns.windows(2).enumerate() {
            for row in &rows[ends[0] as usize..ends[1] as usize] {
                entries.push((*row as usize, column));
            }
        }
        let diagonal = (0..states).map(|i| (i, i));
        let pairs: Vec<Pair<usize, usize>> =
            entries.iter().copied().chain(diagonal).map(|(row, column)| Pair::new(row, column)).collect();
        let pattern = SymbolicSparseColMat::try_new_from_indices(states, states, &pairs)
            .map_err(|error| format!("{error:?}"))?
            .0;
        let slots = entries.iter().map(|(row, column)| {
            let start = pattern.col_ptr()[*column];
            let of_column = &pattern.row_idx()[start..pattern.col_ptr()[column + 1]];
            of_column.binary_search(row).map(|place| start + place).map_err(|_| "an entry has no place")
        });
        // SAFETY: the exported model defines both with this signature.
        let function = |name: &str| unsafe { library.get::<Rates>(name.as_bytes()).map(|f| *f) };
        Ok(Model {
            start: table(&library, "osteoflare_initial", states)?,
            strikes: table(&library, "osteoflare_strikes", number(&library, "osteoflare_strike_count")?)?,
            rates: function("osteoflare_rates")?,
            jacobian: function("osteoflare_jacobian")?,
            slots: slots.collect::<Result<_, _>>()?,
            pattern,
            context: FaerContext::default(),
            _library: library,
        })
    }

    /// Rates of change of all states.
    pub fn rates(&self, y: &[f64], dy: &mut [f64]) {
        assert!(y.len() == self.start.len() && dy.len() == self.start.len());
        // SAFETY: the function reads and writes as many numbers as there are states.
        unsafe { (self.rates)(y.as_ptr(), dy.as_mut_ptr()) }
    }
}

impl Op for Model {
    type T = f64;
    type V = V;
    type M = M;
    type C = FaerContext;
    fn context(&self) -> &FaerContext {
        &self.context
    }
    fn nstates(&self) -> usize {
        self.start.len()
    }
    fn nout(&self) -> usize {
        self.start.len()
    }
    fn nparams(&self) -> usize {
        0
    }
}

/// The rates as an operator of diffsol.
pub struct RatesOp<'a>(&'a Model);
/// The states of day 0 as an operator of diffsol.
pub struct StartOp<'a>(&'a Model);

macro_rules! operator {
    ($name:ident) => {
        impl Op for $name<'_> {
            type T = f64;
            type V = V;
            type M = M;
            type C = FaerContext;
            fn context(&self) -> &FaerContext {
                &self.0.context
            }
            fn nstates(&self) -> usize {
                self.0.start.len()
            }
            fn nout(&self) -> usize {
                self.0.start.len()
            }
            fn nparams(&self) -> usize {
                0
            }
        }
    };
}
operator!(RatesOp);
operator!(StartOp);

impl ConstantOp for StartOp<'_> {
    fn call_inplace(&self, _t: f64, y: &mut V) {
        y.for_each_batch_host([], |y, [], _| y.copy_from_slice(&self.0.start));
    }
}

impl NonLinearOp for RatesOp<'_> {
    fn call_inplace(&self, x: &V, _t: f64, y: &mut V) {
        y.for_each_batch_host([x], |y, [x], _| self.0.rates(x, y));
    }
}

impl NonLinearOpJacobian for RatesOp<'_> {
    fn jac_mul_inplace(&self, x: &V, t: f64, v: &V, y: &mut V) {
        self.jacobian(x, t).gemv(1.0, v, 0.0, y);
    }
    fn jacobian_sparsity(&self) -> Option<SymbolicSparseColMat<usize>> {
        Some(self.0.pattern.clone())
    }
    fn jacobian_inplace(&self, x: &V, _t: f64, jacobian: &mut M) {
        let model = self.0;
        let mut exported = vec![0.0; model.slots.len()];
        // SAFETY: the function reads as many numbers as there are states and writes as many as there are entries.
        unsafe { (model.jacobian)(x.inner().col_as_slice(0).as_ptr(), exported.as_mut_ptr()) };
        let values = jacobian.inner_mut()[0].val_mut();
        values.fill(0.0);
        for (slot, value) in model.slots.iter().zip(exported) {
            values[*slot] = value;
        }
    }
}

impl<'a> OdeEquationsRef<'a> for Model {
    type Rhs = RatesOp<'a>;
    type Mass = ParameterisedOp<'a, UnitCallable<M>>;
    type Init = StartOp<'a>;
    type Root = ParameterisedOp<'a, UnitCallable<M>>;
    type Out = ParameterisedOp<'a, UnitCallable<M>>;
    type Reset = ParameterisedOp<'a, UnitCallable<M>>;
}

impl OdeEquations for Model {
    fn rhs(&self) -> RatesOp<'_> {
        RatesOp(self)
    }
    fn mass(&self) -> Option<ParameterisedOp<'_, UnitCallable<M>>> {
        None
    }
    fn init(&self) -> StartOp<'_> {
        StartOp(self)
    }
    fn set_params(&mut self, _p: &V) {}
    fn get_params(&self, _p: &mut V) {}
}
