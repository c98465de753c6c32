// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Warnings, cells and answers for the tests of cbc/, in few words.
#pragma once

#include <string>
#include <vector>

#include "cbc/domain/warning.h"

namespace test {

inline cbc::Place gsm_cell(uint16_t lac, uint16_t ci) {
    return cbc::Place::gsm_cell(*cbc::PlmnId::parse("001", "01"), cbc::Lac{lac}, cbc::Ci{ci});
}

// Cells 1:100 and 1:101 of bsc-1, 2:200 of bsc-2, and 3:300 of nobody.
inline cbc::Network two_peers() {
    auto table = cbc::CellTable::parse(
        "technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,100,A,0,0\ngsm,001,01,1,101,B,0,0\n"
        "gsm,001,01,2,200,C,0,0\ngsm,001,01,3,300,D,0,0\n");
    return cbc::Network{std::move(*table),
                        {{cbc::PeerName{"bsc-1"}, cbc::Protocol::kCbsp, std::vector{1U}},
                         {cbc::PeerName{"bsc-2"}, cbc::Protocol::kCbsp, std::vector{2U}}}};
}

inline cbc::AlertId alert_id(uint8_t number) {
    std::array<uint8_t, 16> octets{};
    octets[15] = number;
    return cbc::AlertId{base::Uuid{octets}};
}

inline cbc::Content content_for(uint16_t code, base::Instant start, cbc::Area area = cbc::AllCells{}) {
    cbc::Content content;
    content.serial = cbc::SerialNumber{static_cast<uint16_t>(0x4000 | code << 4)};
    content.messages = {{cbc::MessageIdentifier{4370}, "en", "Water is rising"}};
    content.area = std::move(area);
    content.schedule.start = start;
    content.schedule.end = start + std::chrono::hours{1};
    return content;
}

inline cbc::AlertRevision revision_of(uint8_t id, uint16_t number, cbc::Content content) {
    return {alert_id(id),
            cbc::Revision{number},
            std::move(content),
            cbc::Digest{std::string(64, 'a')},
            {},
            cbc::CbeName{"national"},
            {}};
}

inline cbc::PeerAnswer complete(const std::vector<cbc::Place>& cells) {
    cbc::PeerAnswer answer;
    for (const auto& cell : cells) answer.done.push_back(exactly(cell));
    return answer;
}

inline cbc::PeerAnswer failure(const std::vector<std::pair<cbc::Place, uint16_t>>& failed,
                               const std::vector<cbc::Place>& done = {}) {
    cbc::PeerAnswer answer = complete(done);
    answer.kind = cbc::AnswerKind::kFailure;
    for (const auto& [cell, cause] : failed) answer.failed.push_back({exactly(cell), cbc::cbsp_cause(cause)});
    return answer;
}

}  // namespace test
