// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Requests of clients on a node of a cluster: which are answered here, and which by the node that takes the
// writes.
//
//                               this node leads           another one does
//     GET, HEAD                 here                      here, with Farol-Read-Age (milliseconds, or
//                                                         "unknown"): how old it may be
//     …?consistent=1            here, after a majority    there
//                               has confirmed that we lead
//     everything else           here                      there
//
// A request is passed on once at most: the node that gets it answers it, or says that it does not lead. Its
// answer goes to the client as it is. Event streams stay where they were asked for. A node that belongs to no
// cluster answers everything itself if its store holds anything; an empty one, and one that was removed,
// takes no writes until it has joined. Loop thread only.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "common/base/bytes.h"
#include "common/http/router.h"
#include "common/log/log.h"
#include "common/store/store.h"

namespace frame {

// What the cluster is asked; the seam to common/replica.
class Leadership {
 public:
    enum class Standing { kAlone, kLeads, kFollows };

    virtual ~Leadership() = default;
    virtual Standing standing() const = 0;
    virtual std::optional<std::chrono::milliseconds> read_age() const = 0;
    // Whether we still lead, asked of a majority.
    virtual void confirm(std::function<void(bool leads)> answer) = 0;
    // To the node that leads. kOk: `answer` is what it said.
    using OnForwarded = std::function<void(const store::Done& done, base::Bytes answer)>;
    virtual void forward(base::Bytes request, OnForwarded on_forwarded) = 0;
};

// Octets of a request or an answer with all that belongs to it, that travel from node to node.
inline constexpr size_t kPassedOnMax = size_t{3} << 19;

class ClusterHttp {
 public:
    // leadership outlives it.
    ClusterHttp(Leadership& leadership, logs::Log log) : leadership_(leadership), log_(std::move(log)) {}
    ClusterHttp(const ClusterHttp&) = delete;
    ClusterHttp& operator=(const ClusterHttp&) = delete;

    // For the server of this listener, whose routes are asked for under its name by other nodes. The router
    // outlives this.
    http::Dispatch dispatch_for(const std::string& listener, const http::Router& router);

    // A request that another node passed on; answered once, now or later.
    using Answer = std::function<void(const store::Done& done, base::Bytes answer)>;
    void serve(base::ByteView request, Answer answer);

 private:
    void dispatch(const std::string& listener, const http::Route& route, const http::Request& request,
                  http::ResponderPtr responder);
    void answer_here(const http::Route& route, const http::Request& request, http::ResponderPtr responder);
    void confirm_and_answer(const http::Route& route, const http::Request& request,
                            http::ResponderPtr responder);
    void pass_on(const std::string& listener, const http::Request& request, http::ResponderPtr responder);
    void call(const http::Route& route, const http::Request& request, http::ResponderPtr responder) const;

    Leadership& leadership_;
    logs::Log log_;
    std::map<std::string, const http::Router*> routers_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();  // late answers look at it
};

}  // namespace frame
