/* A C library that knows nothing of toolhost. */
#ifndef STATISTICS_H
#define STATISTICS_H

/* Returns the mean of `count` values. */
double mean(const double *values, int count);

/* Stores the smallest and the largest of `count` values. Returns 0, or -1 if there are no values. */
int range(const double *values, int count, double *minimum, double *maximum);

#endif
