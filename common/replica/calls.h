// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Calls between the nodes of one cluster: a kind, a request and an answer of bounded size, over the port and
// the certificates of the log. For blobs, snapshots, forwarding and membership.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "common/base/bytes.h"
#include "common/base/result.h"

namespace replica {

// Octets of one request or one answer.
inline constexpr size_t kCallOctetsMax = size_t{2} << 20;

// A node as its certificate names it: farol://<site>/<role>/<node>. Site and role are the cluster's.
using NodeName = std::string;

class Calls {
 public:
    virtual ~Calls() = default;

    // A handler's error travels, kind and text. Of the calls themselves: kUnavailable when nothing was sent
    // (no connection, no room); kTimeout when it was sent and no answer came, because the deadline passed or
    // the connection was lost: it may have happened. Everything on the thread of the links' loop; `answer` is
    // called there, once, never before call() has returned.
    using Answer = std::function<void(base::Result<base::Bytes>)>;
    virtual void call(const NodeName& to, std::string_view kind, base::Bytes request,
                      std::chrono::milliseconds deadline, Answer answer) = 0;

    // The handler answers when it likes, on the links' loop, once. Before the first connection.
    using Handler = std::function<void(const NodeName& from, base::Bytes request, Answer answer)>;
    virtual void serve(std::string kind, Handler handler) = 0;
};

}  // namespace replica
