// "I hold a credential whose value lies in this range": age, KYC level, rating. Neither the value nor the holder's secret is shown.
pragma circom 2.2.0;

include "range.circom";
include "commitment.circom";

/// commitment = Poseidon(1, value, attribute, secret, salt), which the issuer vouched for (elsewhere: see docs/proving.md).
/// statement  = Poseidon(2, attribute, minimum, maximum, scope): what is asked, as one number that a contract compares.
/// nullifier  = Poseidon(3, secret, scope): the same holder has one nullifier a scope, and nothing links two scopes.
template Credential(bits) {
    signal input value;
    signal input secret;
    signal input salt;
    signal input attribute;
    signal input minimum;
    signal input maximum;
    signal input scope;
    signal input subject;

    signal output nullifier;
    signal output commitment;
    signal output statement;

    component valueRange = Unsigned(bits);
    valueRange.in <== value;
    component minimumRange = Unsigned(bits);
    minimumRange.in <== minimum;
    component maximumRange = Unsigned(bits);
    maximumRange.in <== maximum;
    component notBelow = AssertAtLeast(bits);
    notBelow.a <== value;
    notBelow.b <== minimum;
    component notAbove = AssertAtLeast(bits);
    notAbove.a <== maximum;
    notAbove.b <== value;

    component commit = Poseidon(5);
    commit.inputs[0] <== 1;
    commit.inputs[1] <== value;
    commit.inputs[2] <== attribute;
    commit.inputs[3] <== secret;
    commit.inputs[4] <== salt;
    commitment <== commit.out;

    component state = Poseidon(5);
    state.inputs[0] <== 2;
    state.inputs[1] <== attribute;
    state.inputs[2] <== minimum;
    state.inputs[3] <== maximum;
    state.inputs[4] <== scope;
    statement <== state.out;

    component nullify = Poseidon(3);
    nullify.inputs[0] <== 3;
    nullify.inputs[1] <== secret;
    nullify.inputs[2] <== scope;
    nullifier <== nullify.out;

    component bound = Bind();
    bound.in <== subject;
}
