// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// @title Models: what was committed to, by whom, and which verifying key judges proofs about it.
/// @notice The verifying keys are given at deployment and never change: other keys are another registry.
contract ModelRegistry {
    /// @notice Longest content identifier in bytes; a CIDv1 in base32 has 59.
    uint256 public constant MAX_CID_LENGTH = 128;
    /// @notice commitmentIndex of a circuit whose public signals hold no model commitment.
    uint8 public constant NO_COMMITMENT = 255;

    /// @dev All but the circuit share one storage slot.
    struct VerifyingKey {
        bytes32 circuit;
        address verifier;
        /// Of verifyProof, which differs with the number of public signals.
        bytes4 selector;
        /// Length of a proof in words of 32 bytes.
        uint16 proofWords;
        uint8 publicSignals;
        /// Which public signal is the commitment that a model of this circuit is registered under.
        uint8 commitmentIndex;
    }

    struct KeySetup {
        bytes32 keyHash;
        VerifyingKey key;
        string system;
    }

    struct Model {
        address owner;
        bytes32 keyHash;
        uint256 commitment;
        string metadataCID;
    }

    event VerifyingKeyAdded(
        bytes32 indexed keyHash, bytes32 indexed circuit, address verifier, uint8 publicSignals, string system
    );
    event ModelRegistered(
        uint256 indexed modelId, address indexed owner, bytes32 indexed keyHash, uint256 commitment, string metadataCID
    );

    error UnknownVerifyingKey(bytes32 keyHash);
    error UnknownModel(uint256 modelId);
    error CircuitHasNoModels(bytes32 circuit);
    error InvalidKey(bytes32 keyHash);
    error InvalidCommitment();
    error InvalidCID();

    uint256 private constant FIELD =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @notice Number of models ever registered; ids run from 1.
    uint256 public modelCount;

    mapping(bytes32 keyHash => VerifyingKey) private _keys;
    mapping(uint256 modelId => Model) private _models;

    constructor(KeySetup[] memory setups) {
        for (uint256 i = 0; i < setups.length; i++) {
            VerifyingKey memory key = setups[i].key;
            bytes32 keyHash = setups[i].keyHash;
            if (key.verifier.code.length == 0 || key.publicSignals == 0 || _keys[keyHash].verifier != address(0)) {
                revert InvalidKey(keyHash);
            }
            _keys[keyHash] = key;
            emit VerifyingKeyAdded(keyHash, key.circuit, key.verifier, key.publicSignals, setups[i].system);
        }
    }

    /// @param keyHash the verifying key of the model's circuit
    /// @param commitment what the circuit publishes for the model's weights or the policy's rules
    /// @param metadataCID content identifier of the model's description
    function registerModel(bytes32 keyHash, uint256 commitment, string calldata metadataCID)
        external
        returns (uint256 modelId)
    {
        VerifyingKey memory key = keyOf(keyHash);
        if (key.commitmentIndex == NO_COMMITMENT) revert CircuitHasNoModels(key.circuit);
        if (commitment == 0 || commitment >= FIELD) revert InvalidCommitment();
        uint256 length = bytes(metadataCID).length;
        if (length == 0 || length > MAX_CID_LENGTH) revert InvalidCID();
        modelId = ++modelCount;
        _models[modelId] =
            Model({owner: msg.sender, keyHash: keyHash, commitment: commitment, metadataCID: metadataCID});
        emit ModelRegistered(modelId, msg.sender, keyHash, commitment, metadataCID);
    }

    function keyOf(bytes32 keyHash) public view returns (VerifyingKey memory key) {
        key = _keys[keyHash];
        if (key.verifier == address(0)) revert UnknownVerifyingKey(keyHash);
    }

    function modelOf(uint256 modelId) external view returns (Model memory model) {
        model = _models[modelId];
        if (model.owner == address(0)) revert UnknownModel(modelId);
    }
}
