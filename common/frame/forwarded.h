// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A request of a client on its way from the node that was asked to the node that takes the writes, and the
// answer on its way back, as octets for common/replica's calls. Numbers are big endian; a text is its length
// (u32) and its octets.
//
//     request   version u8 = 1 | listener | method u8 | path | request id | pairs of the query | pairs of the
//               headers | peer: kind u8, address, role, site, node, URI, why refused, uid u32 | body
//     response  version u8 = 1 | status u16 | pairs of the headers | body
//     pairs     u16, then so many names and values
//
// Headers that belong to one connection (RFC 9110 §7.6.1) stay behind. Who the client is comes from the node
// that was asked, which holds a certificate of our own site and role: the leader believes it.
#pragma once

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/http/message.h"

namespace frame {

struct ForwardedRequest {
    std::string listener;   // whose routes are meant
    http::Request request;  // without parameters: the leader finds the route itself
};

base::Bytes encode(const ForwardedRequest& forwarded);
base::Bytes encode(const http::Response& response);
// kCorrupt.
base::Result<ForwardedRequest> decode_request(base::ByteView octets);
base::Result<http::Response> decode_response(base::ByteView octets);

}  // namespace frame
