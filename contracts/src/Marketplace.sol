// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {AiOSToken} from "./AiOSToken.sol";
import {IFeePolicy} from "./FeePolicy.sol";

/// @title A market for tokens of any ERC-721 or ERC-1155 collection, paid in AiOS.
/// @notice Listed tokens are held in escrow. With bare approvals a listing would go stale whenever its seller moves the token
/// or withdraws the approval, and no event would say so; in escrow an active listing can be bought, always, and what the log
/// says about it is true. The price: while listed, a token's owner is this contract, and the seller is in the listing.
contract Marketplace is Ownable2Step, ReentrancyGuard, ERC165, IERC1155Receiver {
    using SafeERC20 for AiOSToken;

    uint256 private constant BPS = 10_000;
    /// @notice Most a policy may take of a price. With the royalty's cap a seller receives at least 75%.
    uint256 public constant MAX_FEE_BPS = 1_000;
    uint256 public constant MAX_ROYALTY_BPS = 1_500;

    struct Listing {
        address seller;
        bool isERC1155;
        address collection;
        uint256 tokenId;
        uint256 amount;
        uint256 price;
    }

    /// @dev How one price is divided: price = fee + royalty + proceeds, fee = burned + buyback + treasury.
    struct Payment {
        uint256 fee;
        uint256 royalty;
        address royaltyReceiver;
        uint256 proceeds;
    }

    AiOSToken public immutable token;
    IFeePolicy public feePolicy;

    /// @notice Number of listings ever made; ids run from 1.
    uint256 public listingCount;

    mapping(uint256 listingId => Listing) private _listings;

    event Listed(
        uint256 indexed listingId,
        address indexed seller,
        address indexed collection,
        uint256 tokenId,
        uint256 amount,
        uint256 price
    );
    event Cancelled(uint256 indexed listingId, address indexed seller);
    event Sold(
        uint256 indexed listingId,
        address indexed buyer,
        address indexed seller,
        uint256 price,
        uint256 fee,
        uint256 burned,
        uint256 buyback,
        uint256 treasury,
        uint256 royalty,
        address royaltyReceiver,
        uint256 proceeds
    );
    event FeePolicyChanged(
        address indexed policy,
        uint16 feeBps,
        uint16 burnBps,
        uint16 buybackBps,
        uint16 treasuryBps,
        address buybackAccount,
        address treasuryAccount
    );

    error InvalidPrice();
    error InvalidAmount();
    /// @notice The collection says (ERC-165) that it is neither ERC-721 nor ERC-1155.
    error UnsupportedCollection(address collection);
    /// @notice The collection did not hand over what was listed or bought.
    error NotDelivered(address collection, uint256 tokenId);
    error ListingNotActive(uint256 listingId);
    error NotSeller(uint256 listingId, address account);
    error SellerCannotBuy(uint256 listingId);
    error PriceAboveMaximum(uint256 price, uint256 maxPrice);
    error InvalidPolicy(address policy);
    /// @notice Tokens come in through `list` only.
    error UnsolicitedTransfer();

    constructor(AiOSToken token_, IFeePolicy policy, address owner_) Ownable(owner_) {
        token = token_;
        _setFeePolicy(policy);
    }

    /// @notice Offers tokens for a price; the caller must have approved this contract for them.
    /// @param amount 1 for ERC-721
    /// @param price of the whole listing in AiOS, smallest unit
    function list(address collection, uint256 tokenId, uint256 amount, uint256 price)
        external
        nonReentrant
        returns (uint256 listingId)
    {
        if (price == 0) revert InvalidPrice();
        bool isERC1155 = _isERC1155(collection);
        if (amount == 0 || (!isERC1155 && amount != 1)) revert InvalidAmount();
        listingId = ++listingCount;
        _listings[listingId] = Listing(msg.sender, isERC1155, collection, tokenId, amount, price);
        // Announced before the token moves: who follows the log knows the reason of the transfer when it comes.
        emit Listed(listingId, msg.sender, collection, tokenId, amount, price);
        if (isERC1155) {
            uint256 before = IERC1155(collection).balanceOf(address(this), tokenId);
            IERC1155(collection).safeTransferFrom(msg.sender, address(this), tokenId, amount, "");
            if (IERC1155(collection).balanceOf(address(this), tokenId) != before + amount) {
                revert NotDelivered(collection, tokenId);
            }
        } else {
            IERC721(collection).transferFrom(msg.sender, address(this), tokenId);
            if (IERC721(collection).ownerOf(tokenId) != address(this)) revert NotDelivered(collection, tokenId);
        }
    }

    /// @notice Takes a listing back; only its seller can.
    function cancel(uint256 listingId) external nonReentrant {
        Listing memory listing = _activeListing(listingId);
        if (listing.seller != msg.sender) revert NotSeller(listingId, msg.sender);
        delete _listings[listingId];
        emit Cancelled(listingId, msg.sender);
        _handOver(listing, listing.seller);
    }

    /// @notice Buys a listing; the caller must have approved this contract for its price in AiOS.
    /// @param maxPrice what the buyer saw: after a reorganisation the id may mean a dearer listing
    function buy(uint256 listingId, uint256 maxPrice) external nonReentrant {
        Listing memory listing = _activeListing(listingId);
        if (listing.price > maxPrice) revert PriceAboveMaximum(listing.price, maxPrice);
        if (listing.seller == msg.sender) revert SellerCannotBuy(listingId);
        delete _listings[listingId];

        (Payment memory payment, IFeePolicy.Fee memory fee) = _divide(listing, msg.sender);
        emit Sold(
            listingId,
            msg.sender,
            listing.seller,
            listing.price,
            payment.fee,
            fee.burned,
            fee.buyback,
            fee.treasury,
            payment.royalty,
            payment.royaltyReceiver,
            payment.proceeds
        );

        if (fee.burned != 0) token.burnFrom(msg.sender, fee.burned);
        _pay(fee.buybackAccount, fee.buyback);
        _pay(fee.treasuryAccount, fee.treasury);
        _pay(payment.royaltyReceiver, payment.royalty);
        _pay(listing.seller, payment.proceeds);
        _handOver(listing, msg.sender);
    }

    /// @notice Puts another policy in force, also for listings that stand.
    function setFeePolicy(IFeePolicy policy) external onlyOwner {
        _setFeePolicy(policy);
    }

    /// @notice An active listing; reverts when it was sold, cancelled or never made.
    function listingOf(uint256 listingId) external view returns (Listing memory) {
        return _activeListing(listingId);
    }

    function onERC1155Received(address operator, address, uint256, uint256, bytes calldata)
        external
        view
        returns (bytes4)
    {
        if (operator != address(this)) revert UnsolicitedTransfer();
        return this.onERC1155Received.selector;
    }

    function onERC1155BatchReceived(address, address, uint256[] calldata, uint256[] calldata, bytes calldata)
        external
        pure
        returns (bytes4)
    {
        revert UnsolicitedTransfer();
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IERC1155Receiver).interfaceId || super.supportsInterface(interfaceId);
    }

    function _activeListing(uint256 listingId) private view returns (Listing memory listing) {
        listing = _listings[listingId];
        if (listing.seller == address(0)) revert ListingNotActive(listingId);
    }

    function _isERC1155(address collection) private view returns (bool) {
        if (ERC165Checker.supportsInterface(collection, type(IERC721).interfaceId)) return false;
        if (ERC165Checker.supportsInterface(collection, type(IERC1155).interfaceId)) return true;
        revert UnsupportedCollection(collection);
    }

    function _divide(Listing memory listing, address buyer)
        private
        view
        returns (Payment memory payment, IFeePolicy.Fee memory fee)
    {
        fee = feePolicy.feeFor(buyer, listing.seller, listing.price);
        payment.fee = fee.burned + fee.buyback + fee.treasury;
        if (payment.fee > listing.price * MAX_FEE_BPS / BPS) revert InvalidPolicy(address(feePolicy));
        (payment.royaltyReceiver, payment.royalty) = _royalty(listing);
        payment.proceeds = listing.price - payment.fee - payment.royalty;
    }

    /// @dev A royalty is due on resales: a creator who sells pays none to himself. A collection whose royaltyInfo is missing,
    /// reverts or answers nonsense earns none; it can never stop a sale or take more than the cap.
    function _royalty(Listing memory listing) private view returns (address receiver, uint256 royalty) {
        (bool success, bytes memory answer) =
            listing.collection.staticcall(abi.encodeCall(IERC2981.royaltyInfo, (listing.tokenId, listing.price)));
        if (!success || answer.length < 64) return (address(0), 0);
        (uint256 word, uint256 amount) = abi.decode(answer, (uint256, uint256));
        if (word == 0 || word > type(uint160).max || amount == 0) return (address(0), 0);
        receiver = address(uint160(word));
        if (receiver == listing.seller) return (address(0), 0);
        uint256 cap = listing.price * MAX_ROYALTY_BPS / BPS;
        royalty = amount < cap ? amount : cap;
        if (royalty == 0) receiver = address(0);
    }

    function _pay(address to, uint256 amount) private {
        if (amount != 0) token.safeTransferFrom(msg.sender, to, amount);
    }

    function _handOver(Listing memory listing, address to) private {
        if (listing.isERC1155) {
            IERC1155(listing.collection).safeTransferFrom(address(this), to, listing.tokenId, listing.amount, "");
        } else if (to == listing.seller) {
            // A contract that could hold the token before can hold it again, whether or not it has a receiver hook.
            IERC721(listing.collection).transferFrom(address(this), to, listing.tokenId);
        } else {
            IERC721(listing.collection).safeTransferFrom(address(this), to, listing.tokenId);
            if (IERC721(listing.collection).ownerOf(listing.tokenId) != to) {
                revert NotDelivered(listing.collection, listing.tokenId);
            }
        }
    }

    function _setFeePolicy(IFeePolicy policy) private {
        IFeePolicy.Terms memory terms = policy.terms();
        if (
            terms.feeBps > MAX_FEE_BPS || uint256(terms.burnBps) + terms.buybackBps + terms.treasuryBps != BPS
                || terms.buybackAccount == address(0) || terms.treasuryAccount == address(0)
        ) revert InvalidPolicy(address(policy));
        feePolicy = policy;
        emit FeePolicyChanged(
            address(policy),
            terms.feeBps,
            terms.burnBps,
            terms.buybackBps,
            terms.treasuryBps,
            terms.buybackAccount,
            terms.treasuryAccount
        );
    }
}
