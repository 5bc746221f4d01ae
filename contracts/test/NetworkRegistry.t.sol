// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {NetworkRegistry} from "../src/NetworkRegistry.sol";
import {TestBase} from "./Vm.sol";

contract NetworkRegistryTest is TestBase {
    NetworkRegistry private registry;
    address private owner = address(0xA11CE);
    address private admin = address(0xAD);
    address private operator = address(0x09);
    uint256 private id;
    bytes32 private ADMIN;
    bytes32 private OPERATOR;

    function setUp() public {
        registry = new NetworkRegistry();
        ADMIN = registry.ADMIN();
        OPERATOR = registry.OPERATOR();
        vm.startPrank(owner);
        id = registry.createNetwork("Harbour Logistics", "ipfs://a", true);
        registry.grantRole(id, ADMIN, admin);
        registry.grantRole(id, OPERATOR, operator);
        vm.stopPrank();
    }

    function test_aNetworkIsATokenOfItsCreator() public view {
        assertEq(registry.ownerOf(id), owner, "owner");
        assertEq(registry.networkOf(id).creator, owner, "creator");
        assertTrue(keccak256(bytes(registry.tokenURI(id))) == keccak256("ipfs://a"), "uri");
    }

    function test_roleNamesAreKeccak() public view {
        assertTrue(ADMIN == keccak256("ADMIN") && registry.AUDITOR() == keccak256("AUDITOR"), "role ids");
    }

    /// Whoever is neither owner nor ADMIN is refused every administrative action, whatever other role is held.
    function testFuzz_strangersAreRefused(address stranger, bytes32 role) public {
        vm.assume(stranger != owner && stranger != admin && role != ADMIN && role != bytes32(0));
        if (!registry.hasRole(id, role, stranger)) {
            vm.prank(owner);
            registry.grantRole(id, role, stranger);
        }
        bytes memory refusal = abi.encodeWithSelector(NetworkRegistry.NotAuthorised.selector, id, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(refusal);
        registry.updateNetwork(id, "x", "", false);
        vm.expectRevert(refusal);
        registry.addCommunity(id, "x");
        vm.expectRevert(refusal);
        registry.removeCommunity(id, 1);
        vm.expectRevert(refusal);
        registry.grantRole(id, role, address(1));
        vm.expectRevert(refusal);
        registry.revokeRole(id, ADMIN, admin);
        if (role != OPERATOR && stranger != operator) {
            vm.expectRevert(refusal);
            registry.addEnvironment(id, 0, "x");
            vm.expectRevert(refusal);
            registry.removeEnvironment(id, 1);
        }
        vm.stopPrank();
    }

    function test_adminActsAsTheOwnerDoes() public {
        vm.startPrank(admin);
        registry.updateNetwork(id, "Harbour", "ipfs://b", false);
        uint256 community = registry.addCommunity(id, "Suppliers");
        uint256 environment = registry.addEnvironment(id, community, "Production");
        vm.expectRevert(
            abi.encodeWithSelector(NetworkRegistry.CommunityHasEnvironments.selector, id, community)
        );
        registry.removeCommunity(id, community);
        registry.removeEnvironment(id, environment);
        registry.removeCommunity(id, community);
        vm.expectRevert(abi.encodeWithSelector(NetworkRegistry.UnknownCommunity.selector, id, community));
        registry.addEnvironment(id, community, "Late");
        vm.stopPrank();
        assertTrue(!registry.networkOf(id).isPublic, "private now");
    }

    function test_operatorRunsEnvironments() public {
        vm.startPrank(operator);
        uint256 environment = registry.addEnvironment(id, 0, "Staging");
        registry.removeEnvironment(id, environment);
        vm.expectRevert(abi.encodeWithSelector(NetworkRegistry.UnknownEnvironment.selector, id, environment));
        registry.removeEnvironment(id, environment);
        vm.stopPrank();
    }

    function test_rolesOfOneNetworkMeanNothingInAnother() public {
        vm.prank(address(0xB0B));
        uint256 other = registry.createNetwork("Other", "", true);
        vm.prank(admin);
        vm.expectRevert(abi.encodeWithSelector(NetworkRegistry.NotAuthorised.selector, other, admin));
        registry.addCommunity(other, "x");
    }

    function testFuzz_grantAndRevokeAreEachOthersInverse(bytes32 role, address account) public {
        vm.assume(role != bytes32(0) && account != address(0) && account != admin && account != operator);
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(NetworkRegistry.RoleNotGranted.selector, id, role, account));
        registry.revokeRole(id, role, account);
        registry.grantRole(id, role, account);
        vm.expectRevert(abi.encodeWithSelector(NetworkRegistry.RoleAlreadyGranted.selector, id, role, account));
        registry.grantRole(id, role, account);
        vm.stopPrank();
        vm.prank(account);
        registry.revokeRole(id, role, account);
        assertTrue(!registry.hasRole(id, role, account), "given up");
    }

    function test_theNewOwnerOutranksTheOldAdmins() public {
        address buyer = address(0xB0B);
        vm.prank(owner);
        registry.transferFrom(owner, buyer, id);
        vm.prank(buyer);
        registry.revokeRole(id, ADMIN, admin);
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(NetworkRegistry.NotAuthorised.selector, id, owner));
        registry.addCommunity(id, "x");
    }

    function test_namesAreBounded() public {
        vm.expectRevert(NetworkRegistry.InvalidName.selector);
        registry.createNetwork("", "", true);
        vm.expectRevert(NetworkRegistry.InvalidName.selector);
        registry.createNetwork(string(new bytes(101)), "", true);
        vm.expectRevert(NetworkRegistry.InvalidURI.selector);
        registry.createNetwork("x", string(new bytes(513)), true);
    }
}

/// @notice Random accounts try everything on two networks; what succeeds must have been allowed by an independent model of the roles.
contract RegistryHandler is TestBase {
    NetworkRegistry public immutable registry;
    address[4] public actors = [address(0xA1), address(0xA2), address(0xA3), address(0xA4)];
    mapping(uint256 network => mapping(bytes32 role => mapping(address account => bool))) public model;
    mapping(uint256 network => address) public modelOwner;
    uint256 public trespasses;
    uint256 public successes;

    constructor(NetworkRegistry registry_) {
        registry = registry_;
        for (uint256 i = 0; i < 2; i++) {
            vm.prank(actors[i]);
            uint256 id = registry.createNetwork("n", "", true);
            modelOwner[id] = actors[i];
        }
    }

    function grant(uint256 who, uint256 network, uint256 role, uint256 to) external {
        (address actor, uint256 id) = pick(who, network);
        bytes32 name = roleOf(role);
        address account = actors[to % 4];
        vm.prank(actor);
        try registry.grantRole(id, name, account) {
            note(isAdmin(id, actor) && !model[id][name][account]);
            model[id][name][account] = true;
        } catch {}
    }

    function revoke(uint256 who, uint256 network, uint256 role, uint256 from) external {
        (address actor, uint256 id) = pick(who, network);
        bytes32 name = roleOf(role);
        address account = actors[from % 4];
        vm.prank(actor);
        try registry.revokeRole(id, name, account) {
            note((isAdmin(id, actor) || actor == account) && model[id][name][account]);
            model[id][name][account] = false;
        } catch {}
    }

    function structure(uint256 who, uint256 network, uint256 action, uint256 child) external {
        (address actor, uint256 id) = pick(who, network);
        bool admin = isAdmin(id, actor);
        bool operator = admin || model[id][registry.OPERATOR()][actor];
        child = child % 4;
        vm.startPrank(actor);
        action = action % 5;
        if (action == 0) {
            try registry.addCommunity(id, "c") { note(admin); } catch {}
        } else if (action == 1) {
            try registry.removeCommunity(id, child) { note(admin); } catch {}
        } else if (action == 2) {
            try registry.addEnvironment(id, child, "e") { note(operator); } catch {}
        } else if (action == 3) {
            try registry.removeEnvironment(id, child) { note(operator); } catch {}
        } else {
            try registry.updateNetwork(id, "n", "", child > 1) { note(admin); } catch {}
        }
        vm.stopPrank();
    }

    function transfer(uint256 who, uint256 network, uint256 to) external {
        (address actor, uint256 id) = pick(who, network);
        address owner = modelOwner[id];
        vm.prank(actor);
        try registry.transferFrom(owner, actors[to % 4], id) {
            note(actor == owner);
            modelOwner[id] = actors[to % 4];
        } catch {}
    }

    function pick(uint256 who, uint256 network) private view returns (address, uint256) {
        return (actors[who % 4], 1 + network % 2);
    }

    function roleOf(uint256 role) public view returns (bytes32) {
        role = role % 3;
        return role == 0 ? registry.ADMIN() : role == 1 ? registry.OPERATOR() : registry.MEMBER();
    }

    function isAdmin(uint256 id, address account) private view returns (bool) {
        return modelOwner[id] == account || model[id][registry.ADMIN()][account];
    }

    function note(bool allowed) private {
        successes++;
        if (!allowed) trespasses++;
    }
}

contract NetworkRegistryInvariantTest is TestBase {
    RegistryHandler private handler;

    function setUp() public {
        handler = new RegistryHandler(new NetworkRegistry());
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_onlyRoleHoldersAct() public view {
        assertEq(handler.trespasses(), 0, "actions nobody had allowed");
    }

    function invariant_rolesAreTheModels() public view {
        NetworkRegistry registry = handler.registry();
        for (uint256 id = 1; id <= 2; id++) {
            assertEq(registry.ownerOf(id), handler.modelOwner(id), "owner");
            for (uint256 role = 0; role < 3; role++) {
                for (uint256 i = 0; i < 4; i++) {
                    bytes32 name = handler.roleOf(role);
                    address account = handler.actors(i);
                    assertTrue(
                        registry.hasRole(id, name, account) == handler.model(id, name, account), "role differs"
                    );
                }
            }
        }
    }
}
