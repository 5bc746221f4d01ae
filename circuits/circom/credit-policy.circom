// "This decision followed that policy": an integer scorecard, the same as the credit-scoring agent's. The weights are private, known by
// their commitment; a policy is made public by publishing what the commitment opens to.
pragma circom 2.2.0;

include "range.circom";
include "commitment.circom";

/// The points of one feature: points[k], where k counts the bounds that are <= value. Refuses bounds that do not ascend around the value.
template FeaturePoints(bounds, valueBits) {
    signal input value;
    signal input bound[bounds];
    signal input point[bounds + 1];
    signal output out;

    component reached[bounds];
    signal step[bounds];
    var total = point[0];
    for (var index = 0; index < bounds; index++) {
        reached[index] = AtLeast(valueBits);
        reached[index].a <== value;
        reached[index].b <== bound[index];
        step[index] <== reached[index].out * (point[index + 1] - point[index]);
        total += step[index];
    }
    for (var index = 1; index < bounds; index++) {
        (1 - reached[index - 1].out) * reached[index].out === 0;
    }
    out <== total;
}

/// decision: 0 decline, 1 review, 2 approve.
/// policy    = HashMany(4)(each feature's bounds and points packed, base and thresholds packed, policySalt)
/// applicant = HashMany(5)(values packed, applicantSalt)
/// nullifier = Poseidon(6, policy, applicant, context): one decision of a policy on an applicant in a context (a run) is recorded once.
template CreditPolicy(features, bounds) {
    var valueBits = 32;
    var pointBits = 16;
    signal input value[features];
    signal input applicantSalt;
    signal input bound[features][bounds];
    signal input point[features][bounds + 1];
    signal input base;
    signal input approveAt;
    signal input reviewAt;
    signal input policySalt;
    signal input context;

    signal output nullifier;
    signal output policy;
    signal output applicant;
    signal output decision;

    component valueRange[features];
    component boundRange[features][bounds];
    component pointRange[features][bounds + 1];
    component scored[features];
    component packedBounds[features];
    component packedPoints[features];
    component policyHash = HashMany(features + 2, 4);
    assert(bounds * valueBits + (bounds + 1) * pointBits <= 248);
    var total = base;
    for (var feature = 0; feature < features; feature++) {
        valueRange[feature] = Unsigned(valueBits);
        valueRange[feature].in <== value[feature];
        scored[feature] = FeaturePoints(bounds, valueBits);
        scored[feature].value <== value[feature];
        packedBounds[feature] = Pack(bounds, valueBits);
        packedPoints[feature] = Pack(bounds + 1, pointBits);
        for (var index = 0; index < bounds; index++) {
            boundRange[feature][index] = Unsigned(valueBits);
            boundRange[feature][index].in <== bound[feature][index];
            scored[feature].bound[index] <== bound[feature][index];
            packedBounds[feature].in[index] <== bound[feature][index];
        }
        for (var index = 0; index <= bounds; index++) {
            pointRange[feature][index] = Unsigned(pointBits);
            pointRange[feature][index].in <== point[feature][index];
            scored[feature].point[index] <== point[feature][index];
            packedPoints[feature].in[index] <== point[feature][index];
        }
        policyHash.in[feature] <== packedBounds[feature].out[0] + packedPoints[feature].out[0] * (1 << (bounds * valueBits));
        total += scored[feature].out;
    }

    component baseRange = Unsigned(pointBits);
    baseRange.in <== base;
    component approveRange = Unsigned(pointBits + 8);
    approveRange.in <== approveAt;
    component reviewRange = Unsigned(pointBits + 8);
    reviewRange.in <== reviewAt;
    policyHash.in[features] <== base + approveAt * (1 << 16) + reviewAt * (1 << 40);
    policyHash.in[features + 1] <== policySalt;
    policy <== policyHash.out;

    // At most (features + 1) * 2^16 points: below 2^24 for up to 254 features.
    assert(features < 255);
    component approved = AtLeast(pointBits + 8);
    approved.a <== total;
    approved.b <== approveAt;
    component reviewed = AtLeast(pointBits + 8);
    reviewed.a <== total;
    reviewed.b <== reviewAt;
    (1 - reviewed.out) * approved.out === 0;
    decision <== approved.out + reviewed.out;

    component packedValues = Pack(features, valueBits);
    for (var feature = 0; feature < features; feature++) {
        packedValues.in[feature] <== value[feature];
    }
    var length = packedLength(features, valueBits);
    component applicantHash = HashMany(length + 1, 5);
    for (var element = 0; element < length; element++) {
        applicantHash.in[element] <== packedValues.out[element];
    }
    applicantHash.in[length] <== applicantSalt;
    applicant <== applicantHash.out;

    component nullify = Poseidon(4);
    nullify.inputs[0] <== 6;
    nullify.inputs[1] <== policy;
    nullify.inputs[2] <== applicant;
    nullify.inputs[3] <== context;
    nullifier <== nullify.out;
}
