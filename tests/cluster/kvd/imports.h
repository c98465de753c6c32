// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Imports of made-up rows, of any size, for tests of chunked imports and of large states.
//
//     PUT /kv/imports/{name}  {"token":UUID,"rows":N,"octets":M}  -> {"rows":N}  N rows of M octets each
//     GET /kv/imports/{name}                                      -> {"rows","hash"} of what is visible, or
//     404
//
// The rows follow from token and number alone, so the same request goes on where an earlier one was cut off,
// on whichever node. 409: another import of the name began meanwhile. 503: it came to a halt; ask again.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "common/frame/frame.h"
#include "common/store/importer.h"

namespace kvd {

class Imports {
 public:
    // frame outlives it.
    explicit Imports(frame::Frame& frame) : frame_(frame) {}

    // It outlives the router's use.
    void add_to(http::Router& router);

 private:
    struct Wanted {
        std::string name;
        base::Uuid token;
        uint64_t rows = 0;
        size_t octets = 0;
    };
    void import(const Wanted& wanted, http::ResponderPtr responder);
    void ended(const std::string& name, const base::Result<uint64_t>& rows);
    void show(const std::string& name, http::ResponderPtr responder);

    struct UnderWay {
        std::shared_ptr<http::Responder> responder;
        std::unique_ptr<store::Importer> importer;
    };
    frame::Frame& frame_;
    std::map<std::string, UnderWay> under_way_;
};

}  // namespace kvd
