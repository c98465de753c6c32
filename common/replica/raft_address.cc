// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_address.h"

#include <algorithm>
#include <charconv>

namespace replica {
namespace {

constexpr size_t kHostOctetsMax = 253;  // RFC 1035 §2.3.4

base::Result<uint16_t> port_of(std::string_view text) {
    uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0)
        return base::invalid("\"" + std::string(text) + "\" is no port (1 to 65535)");
    return port;
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == ':' || c == '%' || c == '_';
}

}  // namespace

std::string_view to_string(Role role) { return role == Role::kMember ? "member" : "voter"; }

base::Result<Role> role_of(std::string_view text) {
    if (text == "member") return Role::kMember;
    if (text == "voter") return Role::kVoter;
    return base::invalid("role \"" + std::string(text) + "\": must be member or voter");
}

bool is_node_name(std::string_view text) {
    return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

base::Result<net::Endpoint> endpoint_of(std::string_view text) {
    const size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return base::invalid("\"" + std::string(text) + "\": must be host:port");
    std::string_view host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return base::invalid("\"" + std::string(text) + "\": an IPv6 address goes in brackets, [::1]:7101");
    }
    if (host.empty() || host.size() > kHostOctetsMax ||
        !std::all_of(host.begin(), host.end(), is_host_character))
        return base::invalid("\"" + std::string(text) + "\": no host name or address before the port");
    const auto port = port_of(text.substr(colon + 1));
    if (!port) return port.error();
    return net::Endpoint{std::string(host), *port};
}

std::string RaftAddress::text() const {
    return at.node + "@" + at.endpoint.text() + "/" + std::string(to_string(role));
}

base::Result<RaftAddress> RaftAddress::parse(std::string_view text) {
    const size_t sign = text.find('@');
    const size_t slash = text.rfind('/');
    if (sign == std::string_view::npos || slash == std::string_view::npos || slash < sign)
        return base::invalid("\"" + std::string(text) + "\": must be node@host:port/role");
    const std::string_view node = text.substr(0, sign);
    if (!is_node_name(node)) return base::invalid("\"" + std::string(node) + "\" is no name of a node");
    const auto endpoint = endpoint_of(text.substr(sign + 1, slash - sign - 1));
    if (!endpoint) return endpoint.error();
    const auto role = role_of(text.substr(slash + 1));
    if (!role) return role.error();
    return RaftAddress{{std::string(node), *endpoint}, *role};
}

}  // namespace replica
