// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/listening.h"

#include <grp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "common/base/free_with.h"

namespace http {
namespace {

constexpr int kBacklog = 1024;
constexpr mode_t kSocketMode = 0660;
constexpr std::string_view kGroup = "farol";
using AddressesPtr = std::unique_ptr<addrinfo, base::FreeWith<freeaddrinfo>>;

base::Result<AddressesPtr> resolve(const Listen& where) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    addrinfo* found = nullptr;
    const int wrong = getaddrinfo(where.host.c_str(), std::to_string(where.port).c_str(), &hints, &found);
    if (wrong != 0)
        return base::invalid("listen on \"" + where.host + "\": it must be a numeric address (" +
                             gai_strerror(wrong) + ")");
    return AddressesPtr(found);
}

base::Result<sockaddr_un> unix_address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return base::invalid("listen on " + path + ": longer than " +
                             std::to_string(sizeof address.sun_path - 1) + " octets");
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

// An old socket file of a daemon that is gone may be removed; nothing else.
base::Result<void> remove_stale(const std::string& path, const sockaddr_un& address) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) return {};
        return base::io_error("listen on " + path, errno);
    }
    if (!S_ISSOCK(status.st_mode))
        return base::conflict("listen on " + path + ": there is a file that is no socket");
    const base::Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!probe) return base::io_error("listen on " + path, errno);
    if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
        errno != ECONNREFUSED)
        return base::conflict("listen on " + path + ": another process listens there");
    if (::unlink(path.c_str()) != 0) return base::io_error("listen on " + path, errno);
    return {};
}

}  // namespace

base::Result<base::Fd> listen_tcp(const Listen& where) {
    const auto addresses = resolve(where);
    if (!addresses) return addresses.error();
    const addrinfo& first = **addresses;
    const std::string what = "listen on " + address_of(first.ai_addr, first.ai_addrlen).text;
    base::Fd fd(::socket(first.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return base::io_error(what, errno);
    const int on = 1;
    const int off = 0;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (first.ai_family == AF_INET6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (::bind(fd.get(), first.ai_addr, first.ai_addrlen) != 0 || ::listen(fd.get(), kBacklog) != 0)
        return base::io_error(what, errno);
    return fd;
}

base::Result<base::Fd> listen_unix_socket(const std::string& path) {
    const auto address = unix_address(path);
    if (!address) return address.error();
    if (auto removed = remove_stale(path, *address); !removed) return removed.error();
    base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return base::io_error("listen on " + path, errno);
    // Linux makes the file with the socket's own mode, so it is never more open than this.
    ::fchmod(fd.get(), kSocketMode);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0)
        return base::io_error("listen on " + path, errno);
    if (const auto group = group_id(std::string(kGroup)))
        (void)!::chown(path.c_str(), static_cast<uid_t>(-1),
                       *group);  // an unprivileged daemon may not be a member
    if (::chmod(path.c_str(), kSocketMode) != 0 || ::listen(fd.get(), kBacklog) != 0)
        return base::io_error("listen on " + path, errno);
    return fd;
}

Address address_of(const sockaddr* address, socklen_t length) {
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> service{};
    if (address->sa_family == AF_UNIX) return {"unix", "unix"};
    if (getnameinfo(address, length, host.data(), host.size(), service.data(), service.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return {"unknown", "unknown"};
    std::string name = host.data();
    // An IPv4 client of a dual-stack socket is counted and shown as what it is.
    if (name.starts_with("::ffff:") && name.find('.') != std::string::npos) name = name.substr(7);
    const bool six = name.find(':') != std::string::npos;
    return {(six ? "[" + name + "]" : name) + ":" + service.data(), name};
}

base::Result<Bound> bound_address(int fd) {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0)
        return base::io_error("address of a listening socket", errno);
    uint16_t port = 0;
    if (storage.ss_family == AF_INET) port = ntohs(reinterpret_cast<const sockaddr_in&>(storage).sin_port);
    if (storage.ss_family == AF_INET6) port = ntohs(reinterpret_cast<const sockaddr_in6&>(storage).sin6_port);
    return Bound{address_of(reinterpret_cast<const sockaddr*>(&storage), length).host, port};
}

std::optional<gid_t> group_id(const std::string& name) {
    std::vector<char> buffer(16384);
    group entry{};
    group* found = nullptr;
    if (getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
        return std::nullopt;
    return entry.gr_gid;
}

Peer unix_peer(int fd, std::optional<gid_t> group) {
    Peer peer;
    peer.kind = Peer::Kind::kUnixSocket;
    ucred credentials{};
    socklen_t length = sizeof credentials;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) {
        peer.uid = static_cast<uint32_t>(-1);
        return peer;
    }
    peer.uid = credentials.uid;
    bool member = group && credentials.gid == *group;
    std::vector<gid_t> groups(1024);
    auto octets = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
    if (group && ::getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &octets) == 0) {
        groups.resize(octets / sizeof(gid_t));
        member = member || std::find(groups.begin(), groups.end(), *group) != groups.end();
    }
    if (credentials.uid == 0 || credentials.uid == ::getuid() || member) peer.role = "admin";
    return peer;
}

}  // namespace http
