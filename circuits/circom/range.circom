// Range checks and comparisons. Nothing here assigns with `<--`: bits come from circomlib's Num2Bits, whose sum is constrained.
// Every comparison is between values that its caller has range-checked; a field element as such has no order.
pragma circom 2.2.0;

include "bitify.circom";
include "comparators.circom";

/// 0 <= in < 2^bits. `bits` stays far below 254, where two decompositions of one value would exist.
template Unsigned(bits) {
    assert(bits <= 248);
    signal input in;
    component decomposition = Num2Bits(bits);
    decomposition.in <== in;
}

/// out = 1 when a >= b, else 0, for a and b already known to be below 2^bits: the top bit of a - b + 2^bits.
template AtLeast(bits) {
    assert(bits <= 248);
    signal input a;
    signal input b;
    signal output out;
    component decomposition = Num2Bits(bits + 1);
    decomposition.in <== a - b + (1 << bits);
    out <== decomposition.out[bits];
}

/// a >= b, for a and b already known to be below 2^bits.
template AssertAtLeast(bits) {
    assert(bits <= 248);
    signal input a;
    signal input b;
    component difference = Num2Bits(bits);
    difference.in <== a - b;
}
