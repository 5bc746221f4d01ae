// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {ModelRegistry} from "./ModelRegistry.sol";

/// @title Proofs that were verified here, each once.
/// @notice Public signal 0 of every circuit is its nullifier, the last one is what the proof is bound to (an account, a run).
contract ProofRegistry {
    event ProofVerified(
        bytes32 indexed keyHash,
        uint256 indexed nullifier,
        uint256 indexed context,
        uint256 modelId,
        address submitter,
        uint256[] publicSignals
    );

    error NullifierUsed(uint256 nullifier);
    error WrongProofLength(uint256 given, uint256 expected);
    error WrongSignalCount(uint256 given, uint256 expected);
    error ModelMismatch(uint256 modelId);
    error ProofInvalid();

    ModelRegistry public immutable models;

    /// @dev By circuit, not by key: one statement proved in two proof systems is still one use.
    mapping(bytes32 circuit => mapping(uint256 nullifier => bool)) private _used;

    constructor(ModelRegistry models_) {
        models = models_;
    }

    /// @notice Verifies and records a proof. Anybody may submit it: what it is bound to is among its public signals.
    /// @param modelId the model that the proof is about; 0 for none
    /// @param proof the proof's words as the verifier takes them
    function submitProof(bytes32 keyHash, uint256 modelId, bytes calldata proof, uint256[] calldata publicSignals)
        external
    {
        bytes32 circuit = _verify(keyHash, modelId, proof, publicSignals);
        uint256 nullifier = publicSignals[0];
        if (_used[circuit][nullifier]) revert NullifierUsed(nullifier);
        _used[circuit][nullifier] = true;
        emit ProofVerified(
            keyHash, nullifier, publicSignals[publicSignals.length - 1], modelId, msg.sender, publicSignals
        );
    }

    /// @notice Whether a proof would be accepted, nullifier aside; reverts with the reason when not.
    function verifyProof(bytes32 keyHash, uint256 modelId, bytes calldata proof, uint256[] calldata publicSignals)
        external
        view
        returns (bool)
    {
        _verify(keyHash, modelId, proof, publicSignals);
        return true;
    }

    function nullifierUsed(bytes32 circuit, uint256 nullifier) external view returns (bool) {
        return _used[circuit][nullifier];
    }

    /// @dev The verifier refuses signals that are not field elements, so that a nullifier has one form only.
    function _verify(bytes32 keyHash, uint256 modelId, bytes calldata proof, uint256[] calldata publicSignals)
        private
        view
        returns (bytes32)
    {
        ModelRegistry.VerifyingKey memory key = models.keyOf(keyHash);
        if (proof.length != uint256(key.proofWords) * 32) {
            revert WrongProofLength(proof.length, uint256(key.proofWords) * 32);
        }
        if (publicSignals.length != key.publicSignals) {
            revert WrongSignalCount(publicSignals.length, key.publicSignals);
        }
        if (modelId != 0) {
            ModelRegistry.Model memory model = models.modelOf(modelId);
            if (model.keyHash != keyHash || model.commitment != publicSignals[key.commitmentIndex]) {
                revert ModelMismatch(modelId);
            }
        }
        (bool answered, bytes memory answer) =
            key.verifier.staticcall(abi.encodePacked(key.selector, proof, publicSignals));
        if (!answered || answer.length != 32 || abi.decode(answer, (uint256)) != 1) revert ProofInvalid();
        return key.circuit;
    }
}
