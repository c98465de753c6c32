// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/router.h"

#include <algorithm>
#include <cassert>

namespace http {
namespace {

// Splits "/a/b" into "a" and "b"; "/" gives one empty segment.
std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> out;
    while (path.starts_with('/')) {
        path.remove_prefix(1);
        const size_t end = std::min(path.find('/'), path.size());
        out.emplace_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return out;
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }
bool takes_rest(std::string_view segment) { return segment.ends_with("...}"); }

// Among patterns that fit, the one that says more, further left, wins: literal, then parameter, then rest.
int rank(std::string_view segment) {
    if (!is_parameter(segment)) return 0;
    return takes_rest(segment) ? 2 : 1;
}

std::string join(const std::vector<std::string>& segments, size_t from) {
    std::string out;
    for (size_t i = from; i < segments.size(); ++i) out += (i > from ? "/" : "") + segments[i];
    return out;
}

std::string list(const std::vector<std::string>& words, std::string_view between) {
    std::string out;
    for (const auto& word : words) {
        if (!out.empty()) out += between;
        out += word;
    }
    return out;
}

Response forbidden(const Request& request, const Route& route) {
    const std::string wanted = list(route.access.roles, " or ");
    const bool known = !request.peer.role.empty();
    const std::string none = request.peer.refused.empty() ? "you carry none" : request.peer.refused;
    if (request.peer.kind == Peer::Kind::kAnonymous) {
        return Response::problem(401, "certificate-wanted",
                                 "This route wants a client certificate of role " + wanted + ".");
    }
    return Response::problem(403, "wrong-role",
                             "This route is for role " + wanted + "; " +
                                 (known ? "yours is " + request.peer.role + "." : none + "."));
}

}  // namespace

bool Router::fits(const Entry& entry, const std::vector<std::string>& path) {
    for (size_t i = 0; i < entry.segments.size(); ++i) {
        const std::string& segment = entry.segments[i];
        if (takes_rest(segment) && is_parameter(segment)) return true;
        if (i >= path.size()) return false;
        if (is_parameter(segment) ? path[i].empty() : segment != path[i]) return false;
    }
    return entry.segments.size() == path.size();
}

void Router::add(Route route) {
    assert(route.pattern.starts_with('/') && route.handler);
    assert(route.access.kind != Access::Kind::kRoles || !route.access.roles.empty());
    Entry entry{routes_.size(), segments_of(route.pattern)};
    routes_.push_back(std::move(route));
    const auto before = [](const Entry& a, const Entry& b) {
        return std::lexicographical_compare(
            a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(),
            [](const std::string& x, const std::string& y) { return rank(x) < rank(y); });
    };
    entries_.insert(std::upper_bound(entries_.begin(), entries_.end(), entry, before), std::move(entry));
}

Router::Match Router::match(Request& request) const {
    const std::vector<std::string> path = segments_of(request.path);
    const Method wanted = request.method == Method::kHead ? Method::kGet : request.method;
    std::vector<std::string> allowed;
    for (const Entry& entry : entries_) {
        const Route& route = routes_[entry.route];
        if (!fits(entry, path)) continue;
        if (route.method != request.method && route.method != wanted) {
            allowed.emplace_back(to_string(route.method));
            if (route.method == Method::kGet) allowed.emplace_back("HEAD");
            continue;
        }
        const auto& roles = route.access.roles;
        if (route.access.kind == Access::Kind::kRoles &&
            std::find(roles.begin(), roles.end(), request.peer.role) == roles.end())
            return {&route, forbidden(request, route)};
        for (size_t i = 0; i < entry.segments.size(); ++i) {
            const std::string& segment = entry.segments[i];
            if (!is_parameter(segment)) continue;
            const bool rest = takes_rest(segment);
            const std::string name = segment.substr(1, segment.size() - (rest ? 5 : 2));
            request.parameters[name] = rest ? join(path, i) : path[i];
        }
        return {&route, std::nullopt};
    }
    if (allowed.empty())
        return {nullptr, Response::problem(404, "no-such-route", "Nothing is served at this path.")};
    std::sort(allowed.begin(), allowed.end());
    allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
    return {nullptr, Response::problem(405, "method-not-allowed",
                                       "This path takes " + list(allowed, ", ") + ", not " +
                                           std::string(to_string(request.method)) + ".")
                         .with_header("allow", list(allowed, ", "))};
}

}  // namespace http
