# One task in R, in one process: Rscript r_bench.R DATA TASK   (DATA: folder of generate.py; `Rscript r_bench.R - list` names the tasks)
#
# Reads the CSV, fits, prints one line of JSON: {task, by, load_*_s, fit_*_s, numbers, warnings, versions}. fit_* runs from the data in memory
# to the numbers printed (coefficient x1 and its standard error x1.se, a statistic, an estimate at a time), whichever way the package
# gets there. CPU is user + system of this process, all its threads. An error ends the process with status 1.
# Packages are loaded before the clock starts: their loading is in the whole-process figures of run.py.

horizon <- 365
replicates <- 1000
times <- c(180, 365)
five <- quote(x1 + x2 + x3 + x4 + x5)

# Coefficients and standard errors under their names: x1, x1.se, ...
named <- function(estimate, se, terms = names(estimate)) {
  setNames(c(rbind(unname(estimate), unname(se))), c(rbind(terms, paste0(terms, ".se"))))
}

cox <- function(d) {
  fit <- coxph(eval(bquote(Surv(time, event) ~ .(five))), data = d, ties = "efron")
  c(named(coef(fit), sqrt(diag(vcov(fit)))), logLik = fit$loglik[2])
}

# The fitting routine alone: no formula, no concordance, no residuals.
cox_lean <- function(d) {
  x <- as.matrix(d[, c("x1", "x2", "x3", "x4", "x5")])
  fit <- coxph.fit(x, Surv(d$time, d$event), NULL, NULL, NULL, coxph.control(), NULL, "efron", as.character(seq_len(nrow(x))), resid = FALSE)
  c(named(fit$coefficients, sqrt(diag(fit$var)), colnames(x)), logLik = fit$loglik[2])
}

cox_start_stop <- function(d, cluster) {
  fit <- if (cluster) coxph(Surv(start, stop, event) ~ x1 + x2 + x3, data = d, ties = "efron", cluster = id)
  else coxph(Surv(start, stop, event) ~ x1 + x2 + x3, data = d, ties = "efron")
  c(named(coef(fit), sqrt(diag(vcov(fit)))), logLik = fit$loglik[2])
}

zph <- function(d) {
  table <- cox.zph(coxph(eval(bquote(Surv(time, event) ~ .(five))), data = d, ties = "efron"), transform = "km")$table
  setNames(table[, "chisq"], rownames(table))
}

km <- function(d) {
  at <- summary(survfit(Surv(time, event) ~ group, data = d), times = times)
  named(at$surv, at$std.err, paste0(at$strata, "@", at$time))
}

logrank <- function(d) c(statistic = survdiff(Surv(time, event) ~ group, data = d)$chisq)

rmst_difference <- function(d) {
  table <- summary(survfit(Surv(time, event) ~ group, data = d), rmean = horizon)$table
  unname(table[2, "rmean"] - table[1, "rmean"])
}

bootstrap_rmst_survfit <- function(d) {
  set.seed(1)
  again <- replicate(replicates, rmst_difference(d[sample.int(nrow(d), replace = TRUE), ]))
  c(difference = rmst_difference(d), difference.se = sd(again))
}

# Sorted once (events first within a day), a resample is a vector of counts: the product-limit factors of tied rows telescope.
bootstrap_rmst_fast <- function(d) {
  set.seed(1)
  d <- d[order(d$time, -d$event), ]
  groups <- lapply(split(seq_len(nrow(d)), d$group), function(rows) {
    list(rows = rows, event = d$event[rows], width = diff(pmin(c(0, d$time[rows], Inf), horizon)))
  })
  area <- function(group, w) {
    w <- w[group$rows]
    before <- cumsum(w)
    at_risk <- pmax(before[length(w)] - before + w, 1L)
    sum(group$width * c(1, cumprod(1 - group$event * w / at_risk)))
  }
  difference <- function(w) area(groups[[2]], w) - area(groups[[1]], w)
  n <- nrow(d)
  again <- vapply(seq_len(replicates), function(b) difference(tabulate(sample.int(n, replace = TRUE), n)), 0)
  c(difference = difference(rep(1L, n)), difference.se = sd(again))
}

lmm_numbers <- function(fit) {
  sds <- attr(VarCorr(fit)$id, "stddev")
  c(named(fixef(fit), sqrt(diag(as.matrix(vcov(fit))))), sd_intercept = sds[[1]], sd_slope = sds[[2]],
    correlation = attr(VarCorr(fit)$id, "correlation")[2, 1], sigma = sigma(fit), logLik = as.numeric(logLik(fit)))
}

# lmer's default optimizer stops early on data of this size and warns; this one reaches the optimum.
lmm_bobyqa <- function(d) {
  control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10), check.conv.grad = "ignore", check.conv.hess = "ignore")
  lmm_numbers(lmer(pain ~ week + treat + (week | id), data = d, control = control))
}

lmm_lmertest <- function(d) {
  fit <- lmerTest::lmer(pain ~ week + treat + (week | id), data = d)
  table <- summary(fit)$coefficients
  c(lmm_numbers(fit), setNames(table[, "df"], paste0(rownames(table), ".df")))
}

lmm_lme <- function(d) {
  fit <- lme(pain ~ week + treat, random = ~ week | id, data = d)
  variance <- getVarCov(fit)
  sds <- sqrt(diag(variance))
  c(named(fixef(fit), sqrt(diag(vcov(fit)))), sd_intercept = sds[[1]], sd_slope = sds[[2]],
    correlation = variance[1, 2] / prod(sds), sigma = fit$sigma, logLik = as.numeric(logLik(fit)))
}

gee <- function(d) {
  fit <- geeglm(pain ~ week + treat, id = id, data = d, corstr = "exchangeable")
  c(named(coef(fit), sqrt(diag(vcov(fit)))), alpha = fit$geese$alpha[[1]])
}

# All patients at once: a matrix of pairwise slopes, one sort, the middle and (Sen's limits, variance with ties in pain) two order statistics.
theil_sen <- function(d) {
  weeks <- table(d$id)
  if (any(weeks != weeks[1])) stop("theil_sen: patients differ in their number of weeks")
  m <- weeks[[1]]
  y <- matrix(d$pain, m)
  x <- matrix(d$week, m)
  pair <- combn(m, 2)
  slope <- (y[pair[2, ], ] - y[pair[1, ], ]) / (x[pair[2, ], ] - x[pair[1, ], ])
  k <- nrow(slope)
  slope <- matrix(slope[order(rep(seq_len(ncol(slope)), each = k), slope)], k)
  tied <- apply(y, 2, function(v) { t <- tabulate(match(v, v)); sum(t * (t - 1) * (2 * t + 5)) })
  reach <- qnorm(0.975) * sqrt((m * (m - 1) * (2 * m + 5) - tied) / 18)
  low <- pmax(round((k - reach) / 2), 1)
  high <- pmin(round((k + reach) / 2), k - 1) + 1
  middle <- (slope[floor((k + 1) / 2), ] + slope[ceiling((k + 1) / 2), ]) / 2
  column <- seq_along(middle)
  first <- column[seq_len(min(5, length(column)))]
  c(mean_slope = mean(middle), mean_low = mean(slope[cbind(low, column)]), mean_high = mean(slope[cbind(high, column)]),
    setNames(middle[first], names(weeks)[first]))
}

aj <- function(d) {
  at <- summary(survfit(Surv(time, factor(status, 0:2)) ~ group, data = d), times = times)
  terms <- outer(paste0(at$strata, "@", at$time), 1:2, function(row, cause) paste0(row, ":", cause))
  named(c(at$pstate[, 2:3]), c(at$std.err[, 2:3]), c(terms))
}

# With Gray's test, which cuminc always computes.
aj_cuminc <- function(d) {
  fit <- cuminc(d$time, d$status, d$group)
  at <- timepoints(fit, times)
  name <- do.call(rbind, strsplit(rownames(at$est), " "))
  terms <- outer(seq_len(nrow(name)), times, function(row, t) sprintf("group=%s@%g:%s", name[row, 1], t, name[row, 2]))
  c(named(c(at$est), sqrt(c(at$var)), c(terms)), setNames(fit$Tests[, "stat"], paste0("gray:", rownames(fit$Tests))))
}

# Model-based and robust standard errors both: R makes the weighted fit robust, by row, unless told otherwise.
fine_gray <- function(d, ties) {
  d$status <- factor(d$status, 0:2)
  long <- finegray(Surv(time, status) ~ x1 + x2, data = d, etype = "1")
  fit <- coxph(Surv(fgstart, fgstop, fgstatus) ~ x1 + x2, weights = fgwt, data = long, ties = ties)
  model <- sqrt(diag(if (is.null(fit$naive.var)) vcov(fit) else fit$naive.var))
  c(named(coef(fit), sqrt(diag(vcov(fit)))), setNames(model, paste0(names(coef(fit)), ".se_model")))
}

fine_gray_crr <- function(d) {
  fit <- crr(d$time, d$status, as.matrix(d[, c("x1", "x2")]), failcode = 1, cencode = 0)
  if (!fit$converged) stop("crr did not converge")
  named(fit$coef, sqrt(diag(fit$var)), c("x1", "x2"))
}

task <- function(file, fit, by, packages = "survival") list(file = file, fit = fit, by = by, packages = packages)
lean <- "survival::coxph.fit (no formula, no concordance)"
tasks <- list(
  cox_days_1e4 = task("cox_days_1e4", cox, "survival::coxph"),
  cox_days_1e5 = task("cox_days_1e5", cox, "survival::coxph"),
  cox_days_1e6 = task("cox_days", cox, "survival::coxph"),
  cox_continuous_1e5 = task("cox_continuous_1e5", cox, "survival::coxph"),
  cox_continuous_1e6 = task("cox_continuous", cox, "survival::coxph"),
  cox_days_1e4_lean = task("cox_days_1e4", cox_lean, lean),
  cox_days_1e5_lean = task("cox_days_1e5", cox_lean, lean),
  cox_days_1e6_lean = task("cox_days", cox_lean, lean),
  cox_continuous_1e5_lean = task("cox_continuous_1e5", cox_lean, lean),
  cox_continuous_1e6_lean = task("cox_continuous", cox_lean, lean),
  cox_start_stop = task("start_stop", function(d) cox_start_stop(d, FALSE), "survival::coxph"),
  cox_start_stop_cluster = task("start_stop", function(d) cox_start_stop(d, TRUE), "survival::coxph"),
  zph_1e5 = task("cox_days_1e5", zph, "survival::cox.zph"),
  km_days_1e6 = task("cox_days", km, "survival::survfit"),
  km_continuous_1e6 = task("cox_continuous", km, "survival::survfit"),
  logrank_days_1e6 = task("cox_days", logrank, "survival::survdiff"),
  logrank_continuous_1e6 = task("cox_continuous", logrank, "survival::survdiff"),
  bootstrap_rmst = task("rmst", bootstrap_rmst_fast, "base R, counts over a sorted sample", NULL),
  bootstrap_rmst_survfit = task("rmst", bootstrap_rmst_survfit, "survival::survfit, 1,000 times"),
  lmm = task("lmm", function(d) lmm_numbers(lmer(pain ~ week + treat + (week | id), data = d)), "lme4::lmer", "lme4"),
  lmm_bobyqa = task("lmm", lmm_bobyqa, "lme4::lmer, bobyqa to the optimum", "lme4"),
  lmm_lmertest = task("lmm", lmm_lmertest, "lmerTest::lmer (Satterthwaite)", "lmerTest"),
  lmm_lme = task("lmm", lmm_lme, "nlme::lme", "nlme"),
  gee = task("lmm", gee, "geepack::geeglm", "geepack"),
  theil_sen = task("lmm", theil_sen, "base R, all patients at once", NULL),
  aj = task("competing", aj, "survival::survfit"),
  aj_cuminc = task("competing", aj_cuminc, "cmprsk::cuminc (with Gray's test)", "cmprsk"),
  fine_gray_1e4 = task("competing_1e4", function(d) fine_gray(d, "efron"), "survival::finegray + coxph"),
  fine_gray_1e4_breslow = task("competing_1e4", function(d) fine_gray(d, "breslow"), "survival::finegray + coxph, Breslow"),
  fine_gray_1e4_crr = task("competing_1e4", fine_gray_crr, "cmprsk::crr", "cmprsk"),
  fine_gray_1e5 = task("competing", function(d) fine_gray(d, "efron"), "survival::finegray + coxph"),
  fine_gray_1e5_crr = task("competing", fine_gray_crr, "cmprsk::crr", "cmprsk")
)

main <- function(args) {
  if (length(args) != 2) stop("usage: r_bench.R DATA TASK")
  if (args[2] == "list") return(cat(names(tasks), sep = "\n"))
  chosen <- tasks[[args[2], exact = TRUE]]
  if (is.null(chosen)) stop("no such task: ", args[2], "; tasks: ", paste(names(tasks), collapse = ", "))
  for (package in c("data.table", "jsonlite", chosen$packages)) suppressPackageStartupMessages(library(package, character.only = TRUE))
  said <- character()
  heard <- function(w) { said <<- c(said, conditionMessage(w)); invokeRestart("muffleWarning") }
  clock <- function(expression) {
    time <- withCallingHandlers(system.time(value <- expression, gcFirst = FALSE), warning = heard)
    list(value = value, cpu = sum(time[c("user.self", "sys.self")]), wall = time[["elapsed"]])
  }
  loaded <- clock(fread(file.path(args[1], paste0(chosen$file, ".csv")), data.table = FALSE))
  fitted <- clock(chosen$fit(loaded$value))
  numbers <- fitted$value
  if (length(numbers) == 0 || any(!is.finite(numbers))) stop("not finite: ", paste(names(numbers)[!is.finite(numbers)], collapse = ", "))
  versions <- vapply(c("data.table", chosen$packages), function(package) as.character(packageVersion(package)), "")
  cat(toJSON(list(
    task = args[2], by = chosen$by, rows = nrow(loaded$value), load_cpu_s = loaded$cpu, load_wall_s = loaded$wall,
    fit_cpu_s = fitted$cpu, fit_wall_s = fitted$wall, numbers = as.list(numbers), warnings = I(unique(said)),
    versions = as.list(c(R = paste(R.version$major, R.version$minor, sep = "."), versions))
  ), auto_unbox = TRUE, digits = I(17)), "\n", sep = "")
}

main(commandArgs(trailingOnly = TRUE))
