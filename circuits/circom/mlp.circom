// A quantised two-layer perceptron with private, committed weights: "this label is what that model says about that input".
// Integers throughout: inputs and weights of 8 bits, biases of 16, sums of 24 (all signed), hidden activations of 7. Signed values are
// given to the circuit with their offset added (a weight w as w + 128), which is what is range-checked and committed.
pragma circom 2.2.0;

include "range.circom";
include "commitment.circom";

/// The sign of a sum, |sum| < 2^(bits-1), proved by the top bit of sum + 2^(bits-1); low holds the other bits.
template SignBit(bits) {
    signal input in;
    signal output nonNegative;
    signal output low[bits - 1];
    component decomposition = Num2Bits(bits);
    decomposition.in <== in + (1 << (bits - 1));
    nonNegative <== decomposition.out[bits - 1];
    for (var index = 0; index < bits - 1; index++) {
        low[index] <== decomposition.out[index];
    }
}

/// min(max(in, 0) >> shift, 2^outBits - 1). Of a non-negative sum the lowest `shift` bits are the remainder and the others the quotient,
/// all of them range-checked by the one decomposition.
template ReluRequantise(bits, shift, outBits) {
    signal input in;
    signal output out;
    component sign = SignBit(bits);
    sign.in <== in;
    var quotient = 0;
    for (var index = 0; index < outBits; index++) {
        quotient += sign.low[shift + index] * (1 << index);
    }
    var above = 0;
    for (var index = shift + outBits; index < bits - 1; index++) {
        above += sign.low[index];
    }
    component fits = IsZero();
    fits.in <== above;
    signal saturated;
    var largest = (1 << outBits) - 1;
    saturated <== fits.out * (quotient - largest) + largest;
    out <== sign.nonNegative * saturated;
}

/// Sums of one layer: weights are given with 128 added, biases with 2^15.
template Dense(inputs, outputs) {
    signal input in[inputs];
    signal input weight[outputs][inputs];
    signal input bias[outputs];
    signal output out[outputs];
    signal product[outputs][inputs];
    for (var row = 0; row < outputs; row++) {
        var sum = bias[row] - (1 << 15);
        for (var column = 0; column < inputs; column++) {
            product[row][column] <== (weight[row][column] - 128) * in[column];
            sum += product[row][column];
        }
        out[row] <== sum;
    }
}

/// The largest of values below 2^(bits-1) in size and the first index that has it.
template ArgMax(count, bits) {
    signal input in[count];
    signal output index;
    signal output value;
    component keeps[count - 1];
    signal best[count];
    signal place[count];
    best[0] <== in[0];
    place[0] <== 0;
    for (var other = 1; other < count; other++) {
        keeps[other - 1] = AtLeast(bits);
        keeps[other - 1].a <== best[other - 1] + (1 << (bits - 1));
        keeps[other - 1].b <== in[other] + (1 << (bits - 1));
        best[other] <== in[other] + keeps[other - 1].out * (best[other - 1] - in[other]);
        place[other] <== other + keeps[other - 1].out * (place[other - 1] - other);
    }
    index <== place[count - 1];
    value <== best[count - 1];
}

/// model     = HashMany(11 + 2^8·inputs + 2^24·hidden + 2^40·outputs + 2^56·shift)(weights packed, biases packed, modelSalt)
/// data      = HashMany(12)(inputs packed, dataSalt)
/// nullifier = Poseidon(13, model, data, context)
/// label is the first index of the largest output, score that output with 2^23 added.
template Mlp(inputs, hidden, outputs, shift) {
    var sumBits = 24;
    // |sum| <= n·2^14 + 2^15 must be below 2^23.
    assert(inputs < 500);
    assert(hidden < 500);
    signal input in[inputs];
    signal input dataSalt;
    signal input hiddenWeight[hidden][inputs];
    signal input hiddenBias[hidden];
    signal input outputWeight[outputs][hidden];
    signal input outputBias[outputs];
    signal input modelSalt;
    signal input context;

    signal output nullifier;
    signal output model;
    signal output data;
    signal output label;
    signal output score;

    var weights = inputs * hidden + hidden * outputs;
    var biases = hidden + outputs;
    component weightRange[weights];
    component biasRange[biases];
    component packedWeights = Pack(weights, 8);
    component packedBiases = Pack(biases, 16);
    component first = Dense(inputs, hidden);
    component second = Dense(hidden, outputs);
    component activation[hidden];

    var weightIndex = 0;
    var biasIndex = 0;
    for (var row = 0; row < hidden; row++) {
        for (var column = 0; column < inputs; column++) {
            weightRange[weightIndex] = Unsigned(8);
            weightRange[weightIndex].in <== hiddenWeight[row][column];
            packedWeights.in[weightIndex] <== hiddenWeight[row][column];
            first.weight[row][column] <== hiddenWeight[row][column];
            weightIndex++;
        }
        biasRange[biasIndex] = Unsigned(16);
        biasRange[biasIndex].in <== hiddenBias[row];
        packedBiases.in[biasIndex] <== hiddenBias[row];
        first.bias[row] <== hiddenBias[row];
        biasIndex++;
    }
    for (var row = 0; row < outputs; row++) {
        for (var column = 0; column < hidden; column++) {
            weightRange[weightIndex] = Unsigned(8);
            weightRange[weightIndex].in <== outputWeight[row][column];
            packedWeights.in[weightIndex] <== outputWeight[row][column];
            second.weight[row][column] <== outputWeight[row][column];
            weightIndex++;
        }
        biasRange[biasIndex] = Unsigned(16);
        biasRange[biasIndex].in <== outputBias[row];
        packedBiases.in[biasIndex] <== outputBias[row];
        second.bias[row] <== outputBias[row];
        biasIndex++;
    }

    component inputRange[inputs];
    component packedInputs = Pack(inputs, 8);
    for (var column = 0; column < inputs; column++) {
        inputRange[column] = Unsigned(8);
        inputRange[column].in <== in[column];
        packedInputs.in[column] <== in[column];
        first.in[column] <== in[column] - 128;
    }
    for (var row = 0; row < hidden; row++) {
        activation[row] = ReluRequantise(sumBits, shift, 7);
        activation[row].in <== first.out[row];
        second.in[row] <== activation[row].out;
    }
    component best = ArgMax(outputs, sumBits);
    for (var row = 0; row < outputs; row++) {
        best.in[row] <== second.out[row];
    }
    label <== best.index;
    score <== best.value + (1 << (sumBits - 1));

    var weightLength = packedLength(weights, 8);
    var biasLength = packedLength(biases, 16);
    component modelHash = HashMany(
        weightLength + biasLength + 1,
        11 + inputs * (1 << 8) + hidden * (1 << 24) + outputs * (1 << 40) + shift * (1 << 56)
    );
    for (var element = 0; element < weightLength; element++) {
        modelHash.in[element] <== packedWeights.out[element];
    }
    for (var element = 0; element < biasLength; element++) {
        modelHash.in[weightLength + element] <== packedBiases.out[element];
    }
    modelHash.in[weightLength + biasLength] <== modelSalt;
    model <== modelHash.out;

    var inputLength = packedLength(inputs, 8);
    component dataHash = HashMany(inputLength + 1, 12);
    for (var element = 0; element < inputLength; element++) {
        dataHash.in[element] <== packedInputs.out[element];
    }
    dataHash.in[inputLength] <== dataSalt;
    data <== dataHash.out;

    component nullify = Poseidon(4);
    nullify.inputs[0] <== 13;
    nullify.inputs[1] <== model;
    nullify.inputs[2] <== data;
    nullify.inputs[3] <== context;
    nullifier <== nullify.out;
}
