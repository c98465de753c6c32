// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Why a request cannot be taken: what becomes its application/problem+json answer.
#pragma once

#include <string>

namespace http {

struct Refusal {
    int status;
    std::string code;  // a stable word for programs
    std::string text;  // a sentence for a person
};

}  // namespace http
