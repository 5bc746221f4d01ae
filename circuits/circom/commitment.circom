// Commitments: values of a known width packed into field elements, then Poseidon. Packing is injective only because the caller has
// range-checked every value; a template that packs what nobody checked would let one commitment open in several ways.
pragma circom 2.2.0;

include "poseidon.circom";

/// The number of field elements that `count` values of `bits` bits take, 248 bits to an element.
function packedLength(count, bits) {
    var perElement = 248 \ bits;
    return (count + perElement - 1) \ perElement;
}

/// Packs values of `bits` bits, the first in the lowest bits.
template Pack(count, bits) {
    signal input in[count];
    signal output out[packedLength(count, bits)];
    var perElement = 248 \ bits;
    for (var element = 0; element < packedLength(count, bits); element++) {
        var sum = 0;
        for (var place = 0; place < perElement; place++) {
            var index = element * perElement + place;
            if (index < count) {
                sum += in[index] * (1 << (place * bits));
            }
        }
        out[element] <== sum;
    }
}

/// Poseidon over any number of elements: h = tag; for every 15 elements (the last group filled with zeros) h = Poseidon(h, elements).
/// The length is the circuit's, hence fixed; `tag` keeps commitments of different kinds and sizes apart.
template HashMany(count, tag) {
    signal input in[count];
    signal output out;
    var groups = (count + 14) \ 15;
    component hash[groups];
    for (var group = 0; group < groups; group++) {
        hash[group] = Poseidon(16);
        if (group == 0) {
            hash[group].inputs[0] <== tag;
        } else {
            hash[group].inputs[0] <== hash[group - 1].out;
        }
        for (var place = 0; place < 15; place++) {
            var index = group * 15 + place;
            if (index < count) {
                hash[group].inputs[place + 1] <== in[index];
            } else {
                hash[group].inputs[place + 1] <== 0;
            }
        }
    }
    out <== hash[groups - 1].out;
}

/// Ties a public input to the proof. It takes no part in the statement; one constraint keeps it from being optimised away.
template Bind() {
    signal input in;
    signal square;
    square <== in * in;
}
