// A worker program that registers and exits.
#include "frame_forgery.h"

int main(void) {
    forge_whole(101, 0);
    forge_whole(102, 0);
    forge_whole(103, 0);
    return 0;
}
