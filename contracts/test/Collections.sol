// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {Marketplace} from "../src/Marketplace.sol";

/// @notice An ERC-1155 without royalties.
contract Editions is ERC1155 {
    constructor() ERC1155("") {}

    function mint(address to, uint256 id, uint256 amount) external {
        _mint(to, id, amount, "");
    }
}

/// @notice An ERC-721 whose royaltyInfo answers whatever it is told to.
contract OddRoyalty is ERC721 {
    bytes public answer;
    bool public fails;

    constructor() ERC721("Odd", "ODD") {}

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function set(bytes calldata answer_, bool fails_) external {
        answer = answer_;
        fails = fails_;
    }

    function royaltyInfo(uint256, uint256) external view returns (address, uint256) {
        if (fails) revert("no royalty");
        bytes memory data = answer;
        assembly {
            return(add(data, 32), mload(data))
        }
    }
}

/// @notice An ERC-721 that calls back into the market while a token moves, and one that pretends to have moved it.
contract Hostile is ERC721 {
    Marketplace public market;
    bytes public callback;
    bool public callbackSucceeded;
    bool public keeps;

    constructor(Marketplace market_) ERC721("Hostile", "HOS") {
        market = market_;
    }

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function arm(bytes calldata callback_, bool keeps_) external {
        callback = callback_;
        keeps = keeps_;
    }

    function transferFrom(address from, address to, uint256 id) public override {
        if (callback.length != 0) {
            (callbackSucceeded,) = address(market).call(callback);
        }
        if (!keeps) super.transferFrom(from, to, id);
    }
}
