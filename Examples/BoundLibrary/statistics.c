#include "statistics.h"

double mean(const double *values, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) sum += values[i];
    return count > 0 ? sum / count : 0;
}

int range(const double *values, int count, double *minimum, double *maximum) {
    if (count < 1) return -1;
    *minimum = *maximum = values[0];
    for (int i = 1; i < count; i++) {
        if (values[i] < *minimum) *minimum = values[i];
        if (values[i] > *maximum) *maximum = values[i];
    }
    return 0;
}
