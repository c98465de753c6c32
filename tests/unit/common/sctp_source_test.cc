// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The machine's loopback is the route: the kernel prefers 127.0.0.1 towards all of 127.0.0.0/8.
#include "common/net/sctp_source.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>

#include "tests/support/test.h"

namespace {

using Packet = std::array<uint8_t, net::kSourceOctets>;

in_addr_t host(const char* text) { return inet_addr(text); }

Packet packet(const char* from, const char* to, uint16_t port) {
    Packet octets{0x45};
    const in_addr_t source = host(from), destination = host(to);
    const in_port_t at = htons(port);
    std::memcpy(octets.data() + 12, &source, sizeof source);
    std::memcpy(octets.data() + 16, &destination, sizeof destination);
    std::memcpy(octets.data() + 20, &at, sizeof at);
    return octets;
}

void a_packet_leaves_from_the_address_that_its_route_prefers() {
    net::may_send_from({{"127.0.0.9", 1001}, {"127.0.0.1", 1001}});
    CHECK(net::better_source(packet("127.0.0.9", "127.0.0.2", 1001)) == host("127.0.0.1"));
    CHECK(!net::better_source(packet("127.0.0.1", "127.0.0.2", 1001)));
}

void never_from_one_that_its_port_is_not_bound_to() {
    net::may_send_from({{"127.0.0.8", 1002}, {"127.0.0.9", 1002}, {"::1", 1002}});
    CHECK(!net::better_source(packet("127.0.0.9", "127.0.0.2", 1002)));
    CHECK(!net::better_source(packet("127.0.0.9", "127.0.0.2", 1003)));
    net::may_send_from({{"127.0.0.1", 1002}, {"127.0.0.9", 1002}});
    CHECK(net::better_source(packet("127.0.0.9", "127.0.0.2", 1002)) == host("127.0.0.1"));
}

void what_is_no_plain_ipv4_is_left_alone() {
    net::may_send_from({{"127.0.0.1", 1004}, {"127.0.0.9", 1004}});
    Packet octets = packet("127.0.0.9", "127.0.0.2", 1004);
    octets[0] = 0x46;  // with options: the port lies elsewhere
    CHECK(!net::better_source(octets));
}

void where_no_route_leads_it_is_left_alone() {
    net::may_send_from({{"127.0.0.1", 1005}, {"127.0.0.9", 1005}});
    CHECK(!net::better_source(packet("127.0.0.9", "255.255.255.255", 1005)));
}

}  // namespace

GROUP(sctp_source, CASE(a_packet_leaves_from_the_address_that_its_route_prefers),
      CASE(never_from_one_that_its_port_is_not_bound_to), CASE(what_is_no_plain_ipv4_is_left_alone),
      CASE(where_no_route_leads_it_is_left_alone))
