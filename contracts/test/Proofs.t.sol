// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {ModelRegistry} from "../src/ModelRegistry.sol";
import {ProofRegistry} from "../src/ProofRegistry.sol";
import {RunAnchor} from "../src/RunAnchor.sol";
import {Vm} from "./Vm.sol";

/// @dev Accepts when its first public signal is odd and the first proof word is 7.
contract StubVerifier {
    function verifyProof(uint256[8] calldata proof, uint256[3] calldata signals) external pure returns (bool) {
        return proof[0] == 7 && signals[0] % 2 == 1;
    }
}

contract ProofsTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bytes32 private constant KEY = keccak256("key");
    bytes32 private constant OTHER_KEY = keccak256("other system, same circuit");
    bytes32 private constant CIRCUIT = "circuit";

    ModelRegistry private models;
    ProofRegistry private proofs;
    RunAnchor private anchors;

    function setUp() public {
        address verifier = address(new StubVerifier());
        ModelRegistry.KeySetup[] memory setups = new ModelRegistry.KeySetup[](2);
        for (uint256 i = 0; i < 2; i++) {
            setups[i] = ModelRegistry.KeySetup({
                keyHash: i == 0 ? KEY : OTHER_KEY,
                key: ModelRegistry.VerifyingKey({
                    circuit: CIRCUIT,
                    verifier: verifier,
                    selector: StubVerifier.verifyProof.selector,
                    proofWords: 8,
                    publicSignals: 3,
                    commitmentIndex: 1
                }),
                system: "stub"
            });
        }
        models = new ModelRegistry(setups);
        proofs = new ProofRegistry(models);
        anchors = new RunAnchor();
    }

    function testRecordsEachNullifierOnce() public {
        proofs.submitProof(KEY, 0, _proof(7), _signals(1, 5));
        require(proofs.nullifierUsed(CIRCUIT, 1));
        vm.expectRevert(abi.encodeWithSelector(ProofRegistry.NullifierUsed.selector, 1));
        proofs.submitProof(KEY, 0, _proof(7), _signals(1, 6));
        // Another proof system does not make it another statement.
        vm.expectRevert(abi.encodeWithSelector(ProofRegistry.NullifierUsed.selector, 1));
        proofs.submitProof(OTHER_KEY, 0, _proof(7), _signals(1, 5));
    }

    function testRefusesWhatTheVerifierRefuses() public {
        vm.expectRevert(ProofRegistry.ProofInvalid.selector);
        proofs.submitProof(KEY, 0, _proof(8), _signals(1, 5));
        vm.expectRevert(ProofRegistry.ProofInvalid.selector);
        proofs.submitProof(KEY, 0, _proof(7), _signals(2, 5));
        require(!proofs.nullifierUsed(CIRCUIT, 1) && !proofs.nullifierUsed(CIRCUIT, 2));
    }

    function testRefusesOtherShapesAndKeys() public {
        vm.expectRevert(abi.encodeWithSelector(ProofRegistry.WrongProofLength.selector, 32, 256));
        proofs.submitProof(KEY, 0, abi.encode(7), _signals(1, 5));
        uint256[] memory two = new uint256[](2);
        vm.expectRevert(abi.encodeWithSelector(ProofRegistry.WrongSignalCount.selector, 2, 3));
        proofs.submitProof(KEY, 0, _proof(7), two);
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.UnknownVerifyingKey.selector, bytes32(0)));
        proofs.submitProof(0, 0, _proof(7), _signals(1, 5));
    }

    function testAModelIsItsCommitmentUnderItsKey() public {
        uint256 model = models.registerModel(KEY, 5, "bafy");
        require(models.modelOf(model).commitment == 5 && models.modelCount() == 1);
        proofs.submitProof(KEY, model, _proof(7), _signals(1, 5));
        vm.expectRevert(abi.encodeWithSelector(ProofRegistry.ModelMismatch.selector, model));
        proofs.submitProof(KEY, model, _proof(7), _signals(3, 6));
        vm.expectRevert(abi.encodeWithSelector(ProofRegistry.ModelMismatch.selector, model));
        proofs.submitProof(OTHER_KEY, model, _proof(7), _signals(3, 5));
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.UnknownModel.selector, 9));
        proofs.submitProof(KEY, 9, _proof(7), _signals(3, 5));
    }

    function testRefusesEmptyModels() public {
        vm.expectRevert(ModelRegistry.InvalidCommitment.selector);
        models.registerModel(KEY, 0, "bafy");
        vm.expectRevert(ModelRegistry.InvalidCommitment.selector);
        models.registerModel(KEY, type(uint256).max, "bafy");
        vm.expectRevert(ModelRegistry.InvalidCID.selector);
        models.registerModel(KEY, 1, "");
    }

    /// @dev Every digest of a batch of any size is found at its index, and nowhere else.
    function testFuzzInclusion(uint8 size, uint8 place, bytes32 seed) public {
        uint256 count = uint256(size) % 40 + 1;
        uint256 index = uint256(place) % count;
        uint256 depth;
        while ((1 << depth) < count) depth++;
        bytes32[] memory level = new bytes32[](1 << depth);
        for (uint256 i = 0; i < count; i++) {
            level[i] = keccak256(abi.encodePacked(bytes1(0x00), keccak256(abi.encode(seed, i))));
        }
        bytes32[] memory path = new bytes32[](depth);
        uint256 at = index;
        for (uint256 d = 0; d < depth; d++) {
            path[d] = level[at ^ 1];
            uint256 half = (1 << depth) >> (d + 1);
            for (uint256 i = 0; i < half; i++) {
                level[i] = keccak256(abi.encodePacked(bytes1(0x01), level[2 * i], level[2 * i + 1]));
            }
            at >>= 1;
        }
        uint256 batch = anchors.anchor(level[0], uint32(count));
        bytes32 digest = keccak256(abi.encode(seed, index));
        require(anchors.verify(batch, digest, index, path));
        require(!anchors.verify(batch, keccak256(abi.encode(seed, count)), index, path));
        if (count > 1) require(!anchors.verify(batch, digest, (index + 1) % count, path));
        require(!anchors.verify(batch, digest, count, path));
    }

    function testRefusesEmptyBatches() public {
        vm.expectRevert(RunAnchor.InvalidBatch.selector);
        anchors.anchor(0, 1);
        vm.expectRevert(RunAnchor.InvalidBatch.selector);
        anchors.anchor(bytes32(uint256(1)), 0);
        vm.expectRevert(abi.encodeWithSelector(RunAnchor.UnknownBatch.selector, 1));
        anchors.batchOf(1);
    }

    function _proof(uint256 first) private pure returns (bytes memory) {
        uint256[8] memory words;
        words[0] = first;
        return abi.encodePacked(words);
    }

    function _signals(uint256 nullifier, uint256 commitment) private pure returns (uint256[] memory signals) {
        signals = new uint256[](3);
        (signals[0], signals[1], signals[2]) = (nullifier, commitment, 99);
    }
}
