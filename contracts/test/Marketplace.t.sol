// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {AgentRegistry} from "../src/AgentRegistry.sol";
import {AiNFT} from "../src/AiNFT.sol";
import {AiOSToken} from "../src/AiOSToken.sol";
import {FeePolicy, IFeePolicy} from "../src/FeePolicy.sol";
import {Marketplace} from "../src/Marketplace.sol";
import {Editions, Hostile, OddRoyalty} from "./Collections.sol";
import {TestBase} from "./Vm.sol";

contract MarketplaceTest is TestBase {
    AiOSToken private token;
    AgentRegistry private agents;
    AiNFT private licences;
    FeePolicy private policy;
    Marketplace private market;

    address private creator = address(0xC0DE);
    address private seller = address(0x5E11);
    address private buyer = address(0xB0B);
    address private buyback = address(0xBB);
    address private treasury = address(0x77);
    uint256 private tokenId;

    function setUp() public {
        token = new AiOSToken(buyer);
        agents = new AgentRegistry();
        licences = new AiNFT(agents);
        policy = new FeePolicy(500, 5000, 1000, buyback, treasury);
        market = new Marketplace(token, policy, address(this));
        vm.startPrank(creator);
        tokenId = licences.mint(agents.registerAgent("bafy"), seller, 1000);
        vm.stopPrank();
        vm.prank(seller);
        licences.setApprovalForAll(address(market), true);
        vm.prank(buyer);
        token.approve(address(market), type(uint256).max);
    }

    function listed(uint256 price) private returns (uint256) {
        vm.prank(seller);
        return market.list(address(licences), tokenId, 1, price);
    }

    /// The split of the fee is exact at every price, one wei included.
    function testFuzz_thePolicyAddsUp(uint256 price) public view {
        price = bound(price, 1, 1e27);
        IFeePolicy.Fee memory fee = policy.feeFor(buyer, seller, price);
        uint256 total = price * 500 / 10_000;
        assertEq(fee.burned + fee.buyback + fee.treasury, total, "fee");
        assertEq(fee.burned, total / 2, "half is burned");
        assertEq(fee.buyback, total / 10, "a tenth buys back");
    }

    function testFuzz_aSaleConservesValue(uint256 price) public {
        price = bound(price, 1, 1e27);
        uint256 id = listed(price);
        assertEq(licences.ownerOf(tokenId), address(market), "in escrow");
        vm.prank(buyer);
        market.buy(id, price);
        uint256 fee = price * 500 / 10_000;
        uint256 royalty = price / 10;
        assertEq(licences.ownerOf(tokenId), buyer, "delivered");
        assertEq(token.balanceOf(buyer), 1e27 - price, "buyer paid the price and no more");
        assertEq(token.totalBurned(), fee / 2, "burned");
        assertEq(token.balanceOf(buyback), fee / 10, "buyback");
        assertEq(token.balanceOf(treasury), fee - fee / 2 - fee / 10, "treasury");
        assertEq(token.balanceOf(creator), royalty, "royalty");
        assertEq(token.balanceOf(seller), price - fee - royalty, "proceeds");
        assertEq(token.balanceOf(address(market)), 0, "nothing stays");
    }

    function test_aCreatorPaysNoRoyaltyToHimself() public {
        vm.startPrank(creator);
        uint256 own = licences.mint(1, creator, 1500);
        licences.approve(address(market), own);
        uint256 id = market.list(address(licences), own, 1, 1000 ether);
        vm.stopPrank();
        vm.expectEmit();
        emit Marketplace.Sold(
            id, buyer, creator, 1000 ether, 50 ether, 25 ether, 5 ether, 20 ether, 0, address(0), 950 ether
        );
        vm.prank(buyer);
        market.buy(id, 1000 ether);
        assertEq(token.balanceOf(creator), 950 ether, "proceeds");
    }

    function test_maxPriceProtects() public {
        uint256 id = listed(10 ether);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(Marketplace.PriceAboveMaximum.selector, 10 ether, 10 ether - 1));
        market.buy(id, 10 ether - 1);
    }

    function test_aListingEndsOnce() public {
        uint256 id = listed(10 ether);
        vm.prank(buyer);
        market.buy(id, 10 ether);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(Marketplace.ListingNotActive.selector, id));
        market.buy(id, 10 ether);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(Marketplace.ListingNotActive.selector, id));
        market.cancel(id);
    }

    function testFuzz_onlyTheSellerCancels(address stranger) public {
        vm.assume(stranger != seller);
        uint256 id = listed(10 ether);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Marketplace.NotSeller.selector, id, stranger));
        market.cancel(id);
        vm.prank(seller);
        market.cancel(id);
        assertEq(licences.ownerOf(tokenId), seller, "returned");
    }

    function test_refusals() public {
        vm.startPrank(seller);
        vm.expectRevert(Marketplace.InvalidPrice.selector);
        market.list(address(licences), tokenId, 1, 0);
        vm.expectRevert(Marketplace.InvalidAmount.selector);
        market.list(address(licences), tokenId, 2, 1);
        vm.expectRevert(abi.encodeWithSelector(Marketplace.UnsupportedCollection.selector, address(token)));
        market.list(address(token), 1, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(Marketplace.UnsupportedCollection.selector, address(0x1234)));
        market.list(address(0x1234), 1, 1, 1);
        uint256 id = market.list(address(licences), tokenId, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(Marketplace.SellerCannotBuy.selector, id));
        market.buy(id, 1);
        vm.stopPrank();
        vm.prank(address(0xD00D));
        vm.expectRevert();
        market.buy(id, 1);
    }

    function test_strangersCannotListWhatIsNotTheirs() public {
        vm.prank(address(0xBAD));
        vm.expectRevert();
        market.list(address(licences), tokenId, 1, 1 ether);
    }

    function testFuzz_editions(uint256 amount, uint256 price) public {
        amount = bound(amount, 1, type(uint128).max);
        price = bound(price, 1, 1e27);
        Editions editions = new Editions();
        editions.mint(seller, 7, amount);
        vm.startPrank(seller);
        editions.setApprovalForAll(address(market), true);
        uint256 id = market.list(address(editions), 7, amount, price);
        market.cancel(id);
        assertEq(editions.balanceOf(seller, 7), amount, "returned");
        id = market.list(address(editions), 7, amount, price);
        vm.stopPrank();
        vm.prank(buyer);
        market.buy(id, price);
        assertEq(editions.balanceOf(buyer, 7), amount, "delivered");
        assertEq(token.balanceOf(seller), price - price * 500 / 10_000, "proceeds without a royalty");
    }

    function test_tokensComeInThroughListOnly() public {
        Editions editions = new Editions();
        editions.mint(seller, 7, 5);
        vm.startPrank(seller);
        vm.expectRevert(Marketplace.UnsolicitedTransfer.selector);
        editions.safeTransferFrom(seller, address(market), 7, 1, "");
        vm.expectRevert();
        licences.safeTransferFrom(seller, address(market), tokenId);
        vm.stopPrank();
    }

    /// No answer of royaltyInfo stops a sale, exceeds the cap or breaks conservation.
    function testFuzz_oddRoyalties(bytes memory answer, bool fails, uint256 price) public {
        price = bound(price, 1, 1e27);
        OddRoyalty odd = new OddRoyalty();
        odd.mint(seller, 1);
        odd.set(answer, fails);
        vm.startPrank(seller);
        odd.approve(address(market), 1);
        uint256 id = market.list(address(odd), 1, 1, price);
        vm.stopPrank();
        vm.prank(buyer);
        market.buy(id, price);
        assertEq(odd.ownerOf(1), buyer, "delivered");
        assertTrue(token.balanceOf(seller) >= price * 75 / 100, "the seller keeps at least 75%");
        assertEq(token.totalSupply() + token.totalBurned(), 1e27, "supply + burned");
    }

    function testFuzz_royaltyIsCapped(uint256 asked) public {
        OddRoyalty odd = new OddRoyalty();
        odd.mint(seller, 1);
        odd.set(abi.encode(creator, asked), false);
        vm.startPrank(seller);
        odd.approve(address(market), 1);
        uint256 id = market.list(address(odd), 1, 1, 100 ether);
        vm.stopPrank();
        vm.prank(buyer);
        market.buy(id, 100 ether);
        assertEq(token.balanceOf(creator), asked < 15 ether ? asked : 15 ether, "royalty");
        assertEq(token.balanceOf(seller), 95 ether - token.balanceOf(creator), "proceeds");
    }

    function test_reentrancyIsRefused() public {
        Hostile hostile = new Hostile(market);
        hostile.mint(seller, 1);
        hostile.mint(seller, 2);
        vm.startPrank(seller);
        hostile.setApprovalForAll(address(market), true);
        uint256 first = market.list(address(hostile), 1, 1, 1 ether);
        hostile.arm(abi.encodeCall(Marketplace.buy, (first, 1 ether)), false);
        uint256 second = market.list(address(hostile), 2, 1, 1 ether);
        assertTrue(!hostile.callbackSucceeded(), "buy inside list");
        hostile.arm(abi.encodeCall(Marketplace.cancel, (first)), false);
        market.cancel(second);
        assertTrue(!hostile.callbackSucceeded(), "cancel inside cancel");
        hostile.arm(abi.encodeCall(Marketplace.list, (address(licences), tokenId, 1, 1)), false);
        vm.stopPrank();
        vm.prank(buyer);
        market.buy(first, 1 ether);
        assertTrue(!hostile.callbackSucceeded(), "list inside buy");
    }

    function test_whatIsNotHandedOverIsNotPaid() public {
        Hostile hostile = new Hostile(market);
        hostile.mint(seller, 1);
        vm.startPrank(seller);
        hostile.setApprovalForAll(address(market), true);
        hostile.arm("", true);
        vm.expectRevert(abi.encodeWithSelector(Marketplace.NotDelivered.selector, address(hostile), 1));
        market.list(address(hostile), 1, 1, 1 ether);
        hostile.arm("", false);
        uint256 id = market.list(address(hostile), 1, 1, 1 ether);
        vm.stopPrank();
        hostile.arm("", true);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(Marketplace.NotDelivered.selector, address(hostile), 1));
        market.buy(id, 1 ether);
        assertEq(token.balanceOf(buyer), 1e27, "unpaid");
    }

    function test_policies() public {
        FeePolicy other = new FeePolicy(1000, 0, 0, buyback, treasury);
        vm.prank(buyer);
        vm.expectRevert();
        market.setFeePolicy(other);
        market.setFeePolicy(other);
        uint256 id = listed(100 ether);
        vm.prank(buyer);
        market.buy(id, 100 ether);
        assertEq(token.balanceOf(treasury), 10 ether, "all to the treasury");
        FeePolicy greedy = new FeePolicy(1001, 0, 0, buyback, treasury);
        vm.expectRevert(abi.encodeWithSelector(Marketplace.InvalidPolicy.selector, address(greedy)));
        market.setFeePolicy(greedy);
        vm.expectRevert(FeePolicy.InvalidTerms.selector);
        new FeePolicy(500, 9000, 1001, buyback, treasury);
    }
}

/// @notice Accounts trade licences at random; the sums it keeps are its own, taken from what each action should do.
contract MarketHandler is TestBase {
    AiOSToken public immutable token;
    AiNFT public immutable licences;
    Marketplace public immutable market;
    address[4] public actors = [address(0xA1), address(0xA2), address(0xA3), address(0xA4)];
    address public constant BUYBACK = address(0xBB);
    address public constant TREASURY = address(0x77);
    uint256 public burned;
    uint256 public buyback;
    uint256 public treasury;
    uint256[] public open;
    uint256 public sales;

    constructor() {
        AgentRegistry agents = new AgentRegistry();
        token = new AiOSToken(address(this));
        licences = new AiNFT(agents);
        market = new Marketplace(token, new FeePolicy(500, 5000, 1000, BUYBACK, TREASURY), address(this));
        for (uint256 i = 0; i < 4; i++) {
            token.transfer(actors[i], 25e25);
            vm.startPrank(actors[i]);
            token.approve(address(market), type(uint256).max);
            licences.setApprovalForAll(address(market), true);
            agents.registerAgent("bafy");
            for (uint256 j = 0; j < 3; j++) {
                licences.mint(i + 1, actors[(i + j) % 4], uint96(500 + 500 * j));
            }
            vm.stopPrank();
        }
    }

    function list(uint256 which, uint256 price) external {
        which = 1 + which % 12;
        address owner;
        try licences.ownerOf(which) returns (address who) {
            owner = who;
        } catch {
            return;
        }
        if (owner == address(market)) return;
        vm.prank(owner);
        open.push(market.list(address(licences), which, 1, bound(price, 1, 1e24)));
    }

    function buy(uint256 which, uint256 who) external {
        if (open.length == 0) return;
        uint256 id = close(which);
        Marketplace.Listing memory listing = market.listingOf(id);
        address buyer = actors[who % 4];
        if (listing.seller == buyer) buyer = actors[(who + 1) % 4];
        if (listing.seller == buyer || token.balanceOf(buyer) < listing.price) {
            open.push(id);
            return;
        }
        vm.prank(buyer);
        market.buy(id, listing.price);
        uint256 fee = listing.price / 20;
        burned += fee / 2;
        buyback += fee / 10;
        treasury += fee - fee / 2 - fee / 10;
        sales++;
    }

    function cancel(uint256 which) external {
        if (open.length == 0) return;
        uint256 id = close(which);
        vm.prank(market.listingOf(id).seller);
        market.cancel(id);
    }

    function burnTokens(uint256 who, uint256 value) external {
        value = bound(value, 0, 1e20);
        address actor = actors[who % 4];
        if (token.balanceOf(actor) < value) return;
        vm.prank(actor);
        token.burn(value);
        burned += value;
    }

    function burnLicence(uint256 which) external {
        which = 1 + which % 12;
        // Rarely, or there is soon nothing left to trade.
        if (which != 12) return;
        try licences.ownerOf(which) returns (address owner) {
            if (owner == address(market)) return;
            vm.prank(owner);
            licences.burn(which);
        } catch {}
    }

    function openCount() external view returns (uint256) {
        return open.length;
    }

    function close(uint256 which) private returns (uint256 id) {
        which = which % open.length;
        id = open[which];
        open[which] = open[open.length - 1];
        open.pop();
    }
}

contract MarketplaceInvariantTest is TestBase {
    MarketHandler private handler;

    function setUp() public {
        handler = new MarketHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_supplyAndBurnedAreOneBillion() public view {
        AiOSToken token = handler.token();
        assertEq(token.totalSupply() + handler.burned(), 1e27, "supply + burned");
        uint256 sum = token.balanceOf(handler.BUYBACK()) + token.balanceOf(handler.TREASURY());
        for (uint256 i = 0; i < 4; i++) sum += token.balanceOf(handler.actors(i));
        assertEq(sum, token.totalSupply(), "balances");
    }

    function invariant_feesArriveAndNothingStays() public view {
        AiOSToken token = handler.token();
        assertEq(token.balanceOf(handler.BUYBACK()), handler.buyback(), "buyback");
        assertEq(token.balanceOf(handler.TREASURY()), handler.treasury(), "treasury");
        assertEq(token.balanceOf(address(handler.market())), 0, "market");
    }

    function invariant_everyActiveListingIsInEscrow() public view {
        for (uint256 i = 0; i < handler.openCount(); i++) {
            Marketplace.Listing memory listing = handler.market().listingOf(handler.open(i));
            assertEq(handler.licences().ownerOf(listing.tokenId), address(handler.market()), "escrow");
        }
        assertEq(handler.licences().balanceOf(address(handler.market())), handler.openCount(), "escrowed licences");
    }
}
