// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// @title Digests of agents' runs, anchored in Merkle batches.
/// @notice An anchored digest existed, in this form, when its batch was made; what the run did is for a replay to say. Anybody may anchor:
/// a reader looks at who did.
contract RunAnchor {
    /// @notice Most digests in a batch; a proof of inclusion then has 20 hashes.
    uint256 public constant MAX_COUNT = 1 << 20;

    struct Batch {
        bytes32 root;
        address submitter;
        uint32 count;
        uint64 timestamp;
    }

    event RunsAnchored(uint256 indexed batch, address indexed submitter, bytes32 root, uint32 count);

    error InvalidBatch();
    error UnknownBatch(uint256 batch);

    /// @notice Number of batches ever anchored; batches are numbered from 1.
    uint256 public batchCount;

    mapping(uint256 batch => Batch) private _batches;

    /// @param root of the tree whose leaves are keccak256(0x00 ‖ digest), padded with zero hashes to the next power of two, and whose
    /// inner nodes are keccak256(0x01 ‖ left ‖ right)
    /// @param count the number of digests
    function anchor(bytes32 root, uint32 count) external returns (uint256 batch) {
        if (root == 0 || count == 0 || count > MAX_COUNT) revert InvalidBatch();
        batch = ++batchCount;
        _batches[batch] =
            Batch({root: root, submitter: msg.sender, count: count, timestamp: uint64(block.timestamp)});
        emit RunsAnchored(batch, msg.sender, root, count);
    }

    function batchOf(uint256 batch) public view returns (Batch memory found) {
        found = _batches[batch];
        if (found.root == 0) revert UnknownBatch(batch);
    }

    /// @notice Whether a digest is the one at `index` of a batch.
    /// @param path the siblings from the leaf to the root
    function verify(uint256 batch, bytes32 digest, uint256 index, bytes32[] calldata path)
        external
        view
        returns (bool)
    {
        Batch memory found = batchOf(batch);
        if (index >= found.count) return false;
        uint256 depth;
        while ((1 << depth) < found.count) depth++;
        if (path.length != depth) return false;
        bytes32 node = keccak256(abi.encodePacked(bytes1(0x00), digest));
        for (uint256 level = 0; level < depth; level++) {
            node = (index >> level) & 1 == 0
                ? keccak256(abi.encodePacked(bytes1(0x01), node, path[level]))
                : keccak256(abi.encodePacked(bytes1(0x01), path[level], node));
        }
        return node == found.root;
    }
}
