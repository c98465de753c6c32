// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The route table: method, path, who may call it, how large a body may be. It is the permission documentation
// as well: what is not listed is refused.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/http/message.h"

namespace http {

// Who may call a route. Roles are those of certificates (design: cbe cbc ocs crm prov monitor admin); the
// control socket counts as "admin".
struct Access {
    enum class Kind {
        kPublic,   // anybody who reaches the listener
        kRoles,    // one of `roles`
        kSession,  // the handler checks a session or token itself; `permission` is what it will ask for
    };
    Kind kind = Kind::kRoles;
    std::vector<std::string> roles;
    std::string permission;

    static Access anybody() { return {Kind::kPublic, {}, {}}; }
    static Access role(std::vector<std::string> names) { return {Kind::kRoles, std::move(names), {}}; }
    static Access session(std::string permission_name) {
        return {Kind::kSession, {}, std::move(permission_name)};
    }
};

// Where a request is handled when several nodes hold the same state and one of them takes the writes.
enum class Where {
    kByMethod,  // reads on the node that was asked, everything else on the one that takes the writes
    kHere,      // always on the node that was asked: what it does concerns that node alone
};

struct Route {
    Method method;
    std::string pattern;  // "/alerts/{id}/stop"; a last segment "{path...}" takes the rest
    Access access;
    size_t body_limit;  // octets; 0: a body is refused
    Handler handler;
    Where where = Where::kByMethod;
};

// What a server calls in the place of a route's handler, for whole requests that the route takes; it calls
// the handler itself or answers otherwise. The route lives as long as its router.
using Dispatch = std::function<void(const Route&, const Request&, ResponderPtr)>;

class Router {
 public:
    void add(Route route);
    const std::vector<Route>& routes() const { return routes_; }

    // The route for a request (a HEAD is answered by the GET route), or the answer when there is none: 404,
    // 405 with Allow, 401/403 with the roles wanted (`route` is set then, for logs). Fills
    // `request.parameters`. Called when the head is complete, before any of the body is read.
    struct Match {
        const Route* route = nullptr;
        std::optional<Response> refusal;
    };
    Match match(Request& request) const;

 private:
    struct Entry {
        size_t route;  // in routes_
        std::vector<std::string> segments;
    };
    static bool fits(const Entry& entry, const std::vector<std::string>& path);

    std::vector<Route> routes_;
    std::vector<Entry> entries_;  // the most specific pattern first
};

}  // namespace http
