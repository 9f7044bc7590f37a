/* CVODE on the exported model, which stands above this text: BDF with KLU and the sparse analytic Jacobian, or Adams
   with fixed-point iteration.
   usage: cvode bdf|adams RTOL ATOL DAY...
   Prints, on one line, version, CPU seconds, steps, peak MiB and CPU seconds of loading, then the states of every day. */
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sundials/sundials_version.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>
#include <time.h>

enum { N = OSTEOFLARE_STATES };

/* The exported pattern with every diagonal entry, which CVODE adds to; slot[e] is where entry e goes. */
static sunindextype starts[N + 1], *rows;
static int slot[OSTEOFLARE_NONZEROS];
static double entries[OSTEOFLARE_NONZEROS];

static void complete_pattern(void) {
  rows = malloc(sizeof *rows * (OSTEOFLARE_NONZEROS + N));
  sunindextype at = 0;
  for (int c = 0; c < N; c++) {
    int diagonal = 0;
    starts[c] = at;
    for (int e = osteoflare_columns[c]; e < osteoflare_columns[c + 1]; e++) {
      if (!diagonal && osteoflare_rows[e] > c) rows[at++] = c, diagonal = 1;
      diagonal |= osteoflare_rows[e] == c;
      slot[e] = (int)at;
      rows[at++] = osteoflare_rows[e];
    }
    if (!diagonal) rows[at++] = c;
  }
  starts[N] = at;
}

static int rates(realtype t, N_Vector y, N_Vector dy, void *p) {
  (void)t, (void)p;
  osteoflare_rates(N_VGetArrayPointer(y), N_VGetArrayPointer(dy));
  return 0;
}

static int jacobian(realtype t, N_Vector y, N_Vector f, SUNMatrix j, void *p, N_Vector a, N_Vector b, N_Vector c) {
  (void)t, (void)f, (void)p, (void)a, (void)b, (void)c;
  realtype *values = SUNSparseMatrix_Data(j);
  /* CVODE clears the pattern too before it asks. */
  memcpy(SUNSparseMatrix_IndexPointers(j), starts, sizeof starts);
  memcpy(SUNSparseMatrix_IndexValues(j), rows, starts[N] * sizeof *rows);
  memset(values, 0, starts[N] * sizeof *values);
  osteoflare_jacobian(N_VGetArrayPointer(y), entries);
  for (int e = 0; e < OSTEOFLARE_NONZEROS; e++) values[slot[e]] = entries[e];
  return 0;
}

static void newton(void *solver, N_Vector y, SUNContext context) {
  complete_pattern();
  SUNMatrix j = SUNSparseMatrix(N, N, starts[N], CSC_MAT, context);
  memcpy(SUNSparseMatrix_IndexPointers(j), starts, sizeof starts);
  memcpy(SUNSparseMatrix_IndexValues(j), rows, starts[N] * sizeof *rows);
  CVodeSetLinearSolver(solver, SUNLinSol_KLU(y, j, context), j);
  CVodeSetJacFn(solver, jacobian);
}

static double cpu(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* Peak memory, MiB. Not getrusage: its peak may be that of the program that started this one. */
static double peak_mib(void) {
  char line[256];
  long kib = 0;
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status)) sscanf(line, "VmHWM: %ld", &kib);
  if (status) fclose(status);
  return kib / 1024.0;
}

int main(int argc, char **argv) {
  const int days = argc - 4;
  if (days < 1) return 2;
  const int adams = !strcmp(argv[1], "adams");
  double *out = malloc(sizeof(double) * N * days);
  const double start = cpu();
  SUNContext context;
  SUNContext_Create(NULL, &context);
  N_Vector y = N_VNew_Serial(N, context);
  memcpy(N_VGetArrayPointer(y), osteoflare_initial, sizeof(double) * N);
  void *solver = CVodeCreate(adams ? CV_ADAMS : CV_BDF, context);
  CVodeInit(solver, rates, 0.0, y);
  CVodeSStolerances(solver, atof(argv[2]), atof(argv[3]));
  CVodeSetMaxNumSteps(solver, 100000000);
  if (adams)
    CVodeSetNonlinearSolver(solver, SUNNonlinSol_FixedPoint(y, 0, context));
  else
    newton(solver, y, context);
  const double loaded = cpu();
  realtype t = 0.0;
  long steps = 0, more;
  int strike = 0;
  for (int d = 0; d < days; d++) {
    const double wanted = atof(argv[4 + d]);
    for (; strike < osteoflare_strike_count && osteoflare_strikes[strike].day <= wanted; strike++) {
      /* Not past the strike: the state jumps there, and the method starts again. */
      CVodeSetStopTime(solver, osteoflare_strikes[strike].day);
      if (CVode(solver, osteoflare_strikes[strike].day, y, &t, CV_NORMAL) < 0) return 2;
      N_VGetArrayPointer(y)[osteoflare_strikes[strike].at] += osteoflare_strikes[strike].amount;
      CVodeGetNumSteps(solver, &more);
      steps += more;
      CVodeReInit(solver, t, y);
    }
    /* A stop that was reached must not linger. */
    CVodeSetStopTime(solver, strike < osteoflare_strike_count ? osteoflare_strikes[strike].day : 1e9);
    if (t < wanted && CVode(solver, wanted, y, &t, CV_NORMAL) < 0) return 2;
    memcpy(out + N * d, N_VGetArrayPointer(y), sizeof(double) * N);
  }
  const double used = cpu() - loaded;
  CVodeGetNumSteps(solver, &more);
  char version[32] = "?";
  SUNDIALSGetVersion(version, sizeof version);
  printf("%s %.6f %ld %.2f %.6f\n", version, used, steps + more, peak_mib(), loaded - start);
  for (int d = 0; d < days; d++)
    for (int i = 0; i < N; i++) printf("%.17g\n", out[N * d + i]);
  return 0;
}
