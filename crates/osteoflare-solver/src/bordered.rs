//! Linear algebra of the arrowhead: many small dense blocks with a narrow border.
//!
//! The Jacobian of a [`BlockSystem`](crate::system::BlockSystem) has one dense matrix per block on its diagonal and a
//! border of shared states. Blocks may also act on each other at once through a few sums over all blocks
//! (*auxiliaries*): each sum is treated as one more unknown of the border, so that factorising and solving cost a
//! constant per block. Blocks are factorised eight at a time, in vector lanes.

use crate::system::LANES;

/// One number of eight neighbouring blocks.
pub type Lane = [f64; LANES];

const ZERO: Lane = [0.0; LANES];

/// A pivot smaller than this share of the largest entry of its column makes the factorisation fail.
const SMALLEST_PIVOT: f64 = 1e-10;

/// Derivatives of a block system, split along its border.
///
/// The border consists of the shared states followed by the auxiliaries. All arrays are grouped by chunk of
/// [`LANES`] blocks, so that one chunk lies together in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BorderedJacobian {
    /// Number of states of one block.
    pub states: usize,
    /// Number of chunks of [`LANES`] blocks.
    pub chunks: usize,
    /// Number of shared states.
    pub shared: usize,
    /// Number of auxiliaries.
    pub auxiliaries: usize,
    /// ∂(rate of state s)/∂(state t) of a block at `(chunk·states + s)·states + t`, 1/d.
    pub local: Vec<Lane>,
    /// ∂(rate of state s)/∂(border unknown j) at `(chunk·states + s)·border + j`.
    pub incoming: Vec<Lane>,
    /// ∂(rate of shared state j, or auxiliary j)/∂(state s) at `(chunk·border + j)·states + s`, without what passes
    /// through the auxiliaries.
    pub outgoing: Vec<Lane>,
    /// ∂(rate of shared state j)/∂(border unknown k) at `j·border + k`; rows of auxiliaries are zero unless one
    /// depends on the border.
    pub corner: Vec<f64>,
}

impl BorderedJacobian {
    /// Number of unknowns of the border.
    #[inline(always)]
    pub fn border(&self) -> usize {
        self.shared + self.auxiliaries
    }

    /// Sets the shape and clears every entry.
    pub fn reset(&mut self, states: usize, stride: usize, shared: usize, auxiliaries: usize) {
        let (chunks, border) = (stride / LANES, shared + auxiliaries);
        (self.states, self.chunks, self.shared, self.auxiliaries) = (states, chunks, shared, auxiliaries);
        for (entries, length) in [
            (&mut self.local, chunks * states * states),
            (&mut self.incoming, chunks * states * border),
            (&mut self.outgoing, chunks * states * border),
        ] {
            entries.clear();
            entries.resize(length, ZERO);
        }
        self.corner.clear();
        self.corner.resize(border * border, 0.0);
    }
}

/// Factors of `θ·I − J`, where the rows of auxiliaries read `a − Σ ∂a/∂y·x = 0`.
#[derive(Clone, Debug, Default)]
pub struct BorderedFactors {
    states: usize,
    chunks: usize,
    shared: usize,
    border: usize,
    /// LU factors of the blocks; the diagonal holds reciprocal pivots.
    lower_upper: Vec<Lane>,
    /// Block solutions of the incoming columns, `(chunk·states + s)·border + j`.
    spread: Vec<Lane>,
    /// Copy of the outgoing rows.
    outgoing: Vec<Lane>,
    /// LU factors of the Schur complement, row-major.
    schur: Vec<f64>,
    pivots: Vec<usize>,
    edge: Vec<f64>,
}

/// The matrix could not be factorised; a smaller step makes it better conditioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the matrix of a step is close to singular")]
pub struct Singular;

impl BorderedFactors {
    /// Factorises `θ·I − J`.
    ///
    /// Blocks are factorised without pivoting, because lanes share one order of elimination; a pivot that vanishes
    /// against its column is reported instead.
    ///
    /// # Errors
    /// [`Singular`] if a pivot vanishes.
    #[inline(always)]
    pub fn factor(&mut self, jacobian: &BorderedJacobian, theta: f64) -> Result<(), Singular> {
        let (n, border) = (jacobian.states, jacobian.border());
        (self.states, self.chunks, self.shared, self.border) = (n, jacobian.chunks, jacobian.shared, border);
        self.lower_upper.clone_from(&jacobian.local);
        self.spread.clone_from(&jacobian.incoming);
        self.outgoing.clone_from(&jacobian.outgoing);
        self.edge.resize(border, 0.0);
        self.schur.clear();
        self.schur.extend(jacobian.corner.iter().map(|c| -c));
        for j in 0..border {
            self.schur[j * border + j] += if j < self.shared { theta } else { 1.0 };
        }
        for chunk in 0..self.chunks {
            let block = &mut self.lower_upper[chunk * n * n..(chunk + 1) * n * n];
            for entry in block.iter_mut() {
                *entry = entry.map(|e| -e);
            }
            for s in 0..n {
                block[s * n + s] = block[s * n + s].map(|e| e + theta);
            }
            lower_upper(block, n)?;
            let spread = &mut self.spread[chunk * n * border..(chunk + 1) * n * border];
            solve_columns(block, spread, n, border);
            let outgoing = &self.outgoing[chunk * n * border..(chunk + 1) * n * border];
            for j in 0..border {
                for (s, row) in spread.chunks_exact(border.max(1)).enumerate() {
                    let weight = outgoing[j * n + s];
                    if weight == ZERO {
                        continue;
                    }
                    for (k, x) in row.iter().enumerate() {
                        self.schur[j * border + k] -= dot(&weight, x);
                    }
                }
            }
        }
        self.pivots.resize(border, 0);
        dense_lower_upper(&mut self.schur, &mut self.pivots, border)
    }

    /// Replaces `x`, in the layout of the state vector, by the solution.
    #[inline(always)]
    pub fn solve(&mut self, x: &mut [f64]) {
        let (n, border) = (self.states, self.border);
        let (local, shared) = x.split_at_mut(n * self.chunks * LANES);
        self.edge[..self.shared].copy_from_slice(shared);
        self.edge[self.shared..].fill(0.0);
        for chunk in 0..self.chunks {
            let block = &self.lower_upper[chunk * n * n..(chunk + 1) * n * n];
            let x = &mut local[chunk * n * LANES..(chunk + 1) * n * LANES];
            solve_one(block, x, n);
            let outgoing = &self.outgoing[chunk * n * border..(chunk + 1) * n * border];
            for (edge, row) in self.edge.iter_mut().zip(outgoing.chunks_exact(n)) {
                let mut sum = ZERO;
                for (s, weight) in row.iter().enumerate() {
                    let value = lane(x, s);
                    for i in 0..LANES {
                        sum[i] += weight[i] * value[i];
                    }
                }
                *edge += sum.iter().sum::<f64>();
            }
        }
        dense_solve(&self.schur, &self.pivots, &mut self.edge, border);
        for chunk in 0..self.chunks {
            let spread = &self.spread[chunk * n * border..(chunk + 1) * n * border];
            let x = &mut local[chunk * n * LANES..(chunk + 1) * n * LANES];
            for (s, row) in spread.chunks_exact(border.max(1)).enumerate() {
                let mut value = lane(x, s);
                for (weight, edge) in row.iter().zip(&self.edge) {
                    for i in 0..LANES {
                        value[i] += weight[i] * edge;
                    }
                }
                x[s * LANES..(s + 1) * LANES].copy_from_slice(&value);
            }
        }
        shared.copy_from_slice(&self.edge[..self.shared]);
    }
}

/// State `s` of a chunk.
#[inline(always)]
fn lane(x: &[f64], s: usize) -> Lane {
    let mut out = ZERO;
    out.copy_from_slice(&x[s * LANES..(s + 1) * LANES]);
    out
}

#[inline(always)]
fn dot(a: &Lane, b: &Lane) -> f64 {
    let mut product = ZERO;
    for i in 0..LANES {
        product[i] = a[i] * b[i];
    }
    product.iter().sum()
}

/// `a −= factor·b`.
#[inline(always)]
fn subtract(a: &mut Lane, factor: &Lane, b: &Lane) {
    for i in 0..LANES {
        a[i] -= factor[i] * b[i];
    }
}

/// LU factors in place, row by row; entries that vanish in all lanes cost nothing.
#[inline(always)]
fn lower_upper(a: &mut [Lane], n: usize) -> Result<(), Singular> {
    for k in 0..n {
        let mut largest = ZERO;
        for row in k..n {
            for i in 0..LANES {
                largest[i] = largest[i].max(a[row * n + k][i].abs());
            }
        }
        let pivot = a[k * n + k];
        // Not `<`: a pivot that is not a number must fail too.
        if (0..LANES).any(|i| !(pivot[i].abs() > SMALLEST_PIVOT * largest[i])) {
            return Err(Singular);
        }
        let inverse = pivot.map(|p| 1.0 / p);
        a[k * n + k] = inverse;
        let (upper, lower) = a.split_at_mut((k + 1) * n);
        let pivot_row = &upper[k * n..];
        for row in lower.chunks_exact_mut(n) {
            if row[k] == ZERO {
                continue;
            }
            let mut factor = row[k];
            for i in 0..LANES {
                factor[i] *= inverse[i];
            }
            row[k] = factor;
            for (entry, above) in row[k + 1..].iter_mut().zip(&pivot_row[k + 1..]) {
                subtract(entry, &factor, above);
            }
        }
    }
    Ok(())
}

/// Solves for `columns` right-hand sides held row by row.
#[inline(always)]
fn solve_columns(block: &[Lane], rhs: &mut [Lane], n: usize, columns: usize) {
    for s in 0..n {
        let (done, rest) = rhs.split_at_mut(s * columns);
        for t in 0..s {
            let factor = block[s * n + t];
            if factor == ZERO {
                continue;
            }
            for (x, y) in rest[..columns].iter_mut().zip(&done[t * columns..(t + 1) * columns]) {
                subtract(x, &factor, y);
            }
        }
    }
    for s in (0..n).rev() {
        let (head, tail) = rhs.split_at_mut((s + 1) * columns);
        let row = &mut head[s * columns..];
        for t in s + 1..n {
            let factor = block[s * n + t];
            if factor == ZERO {
                continue;
            }
            for (x, y) in row.iter_mut().zip(&tail[(t - s - 1) * columns..(t - s) * columns]) {
                subtract(x, &factor, y);
            }
        }
        for x in row {
            for i in 0..LANES {
                x[i] *= block[s * n + s][i];
            }
        }
    }
}

/// Solves for one right-hand side of one chunk in the layout of the state vector.
#[inline(always)]
fn solve_one(block: &[Lane], x: &mut [f64], n: usize) {
    for s in 0..n {
        let mut value = lane(x, s);
        for t in 0..s {
            let factor = &block[s * n + t];
            if *factor != ZERO {
                subtract(&mut value, factor, &lane(x, t));
            }
        }
        x[s * LANES..(s + 1) * LANES].copy_from_slice(&value);
    }
    for s in (0..n).rev() {
        let mut value = lane(x, s);
        for t in s + 1..n {
            let factor = &block[s * n + t];
            if *factor != ZERO {
                subtract(&mut value, factor, &lane(x, t));
            }
        }
        for i in 0..LANES {
            value[i] *= block[s * n + s][i];
        }
        x[s * LANES..(s + 1) * LANES].copy_from_slice(&value);
    }
}

/// LU with partial pivoting of the small Schur complement.
fn dense_lower_upper(a: &mut [f64], pivots: &mut [usize], n: usize) -> Result<(), Singular> {
    for k in 0..n {
        let best = (k..n).max_by(|&i, &j| a[i * n + k].abs().total_cmp(&a[j * n + k].abs())).unwrap_or(k);
        pivots[k] = best;
        if !(a[best * n + k].abs() > 0.0 && a[best * n + k].is_finite()) {
            return Err(Singular);
        }
        for j in 0..n {
            a.swap(k * n + j, best * n + j);
        }
        for i in k + 1..n {
            let factor = a[i * n + k] / a[k * n + k];
            a[i * n + k] = factor;
            for j in k + 1..n {
                a[i * n + j] -= factor * a[k * n + j];
            }
        }
    }
    Ok(())
}

fn dense_solve(a: &[f64], pivots: &[usize], x: &mut [f64], n: usize) {
    for k in 0..n {
        x.swap(k, pivots[k]);
    }
    for i in 0..n {
        for j in 0..i {
            x[i] -= a[i * n + j] * x[j];
        }
    }
    for i in (0..n).rev() {
        for j in i + 1..n {
            x[i] -= a[i * n + j] * x[j];
        }
        x[i] /= a[i * n + i];
    }
}
