// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/config.h"

#include <fstream>

#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;

struct Read {
    cbc::Config config;
    std::string problems;
};

// Of what cbcd itself reads: problems of the frame's own sections are not looked at here.
Read read_yaml(const std::string& yaml) {
    test::TempDir folder;
    const std::string cells = folder.path() + "/cells.csv";
    std::ofstream(cells) << "technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,100,A,0,0\n";
    Read got;
    config::Document document = config::Document::parse("cells: " + cells + "\n" + yaml, "f.yaml");
    cbc::read(document.root(), got.config);
    for (const config::Problem& problem : document.finish())
        if (problem.message().find(": api") == std::string::npos) got.problems += problem.message() + "\n";
    return got;
}

bool says(const Read& got, std::string_view words) {
    if (got.problems.find(words) != std::string::npos) return true;
    test::fail_at(__FILE__, __LINE__, "\"" + std::string(words) + "\" is not in: " + got.problems);
}

void a_good_file_is_read_with_its_defaults() {
    const Read got = read_yaml(
        "cbes:\n  national:\n    certificate: farol://capital/cbe/a\n    codes: 0-255\n"
        "    identifiers: ['4370-4382', '4396']\n    may_stop_others: true\n"
        "cbsp: {listen: '127.0.0.1:0', unknown_peers: accept, keep_alive: 5s, attempts: 2, retry_pause: "
        "1500ms}\n"
        "peers:\n  bsc-1: {address: 192.0.2.2, location_areas: ['1', '10-12']}\n"
        "  bsc-2: {role: client, address: '192.0.2.3:48049'}\n");
    CHECK_EQ(got.problems, std::string{});
    const cbc::Cbe* cbe = got.config.cbes.by_certificate("farol://capital/cbe/a");
    CHECK(cbe != nullptr && cbe->mode == cbc::Mode::kLive && cbe->stop_right == cbc::StopRight::kAnyAlert);
    CHECK_EQ(cbe->identifiers.size(), size_t{2});
    CHECK_EQ(got.config.cells.rows().size(), size_t{1});
    const cbc::CbspConfig& cbsp = got.config.cbsp;
    CHECK(cbsp.unknown_peers == cbc::UnknownPeers::kAccept);
    CHECK(cbsp.tuning.keep_alive_period == 5s && cbsp.tuning.request_timeout == 10s);
    CHECK_EQ(got.config.delivery.attempts, 2U);
    CHECK(got.config.delivery.retry_pause == 2s);  // whole seconds, never less than was asked for
    CHECK_EQ(cbsp.peers.size(), size_t{2});
    CHECK_EQ(cbsp.peers[0].areas->size(), size_t{4});
    CHECK(cbsp.peers[1].role == cbc::LinkRole::kClient && !cbsp.peers[1].areas);
    CHECK_EQ(cbsp.peers[1].address.text(), std::string("192.0.2.3:48049"));
}

void osmo_cbcs_clients_are_one_more_cbe() {
    CHECK(!read_yaml("cbsp: {}\n").config.ecbe);
    const Read got = read_yaml("ecbe: {codes: 960-1023}\n");
    CHECK_EQ(got.problems, std::string{});
    CHECK(got.config.ecbe->host == "127.0.0.1" && got.config.ecbe->port == 12345);
    const cbc::Cbe* cbe = got.config.cbes.by_certificate("ecbe:");
    CHECK(cbe != nullptr && cbe->approval == cbc::Approval::kElsewhere);
    CHECK(cbe->may_use(cbc::MessageIdentifier{65535}));
    CHECK(says(read_yaml("ecbe: {listen: ':80'}\n"), "codes"));
    CHECK(says(read_yaml("ecbe: {codes: 0-9}\ncbes:\n  a: {certificate: 'farol://a/cbe/a', codes: 9-10, "
                         "identifiers: ['1']}\n"),
               "overlap"));
}

void tracking_areas_of_5gs_have_24_bits() {
    const Read got = read_yaml(
        "sbcap: {listen: [127.0.0.1]}\npeers:\n"
        "  mme-1: {protocol: sbcap, address: 192.0.2.30, tracking_areas: ['7', '66051-66052', "
        "'16777215']}\n");
    CHECK_EQ(got.problems, std::string{});
    CHECK(*got.config.sbcap.peers.at(0).areas == (std::vector<uint32_t>{7, 66051, 66052, 16777215}));
    const auto wrong = [](const char* area) {
        return read_yaml("peers:\n  mme-1: {protocol: sbcap, address: 192.0.2.30, tracking_areas: ['" +
                         std::string(area) + "']}\n");
    };
    CHECK(says(wrong("16777216"), "0-16777215"));
    CHECK(says(wrong("0-16777215"), "100,000 areas"));
    CHECK(says(read_yaml("peers:\n  b: {address: 192.0.2.2, location_areas: ['65536']}\n"), "0-65535"));
}

void a_bsc_is_spoken_to_in_its_own_manner() {
    const Read got = read_yaml(
        "cbsp: {load_query: 0s, status_timeout: 2s}\n"
        "peers:\n  plain: {address: 192.0.2.2}\n"
        "  other: {address: 192.0.2.3, channel: extended, cells_named_by: lac-ci, drx: {schedule_period: 40, "
        "reserved_slots: 39}}\n");
    CHECK_EQ(got.problems, std::string{});
    CHECK(got.config.cbsp.peers[0].manner == cbc::CbspManner{});
    const cbc::CbspManner& other = got.config.cbsp.peers[1].manner;
    CHECK(other.channel == cbc::cbsp::ChannelIndicator::kExtended && other.cells == cbc::CellForm::kLacCi);
    CHECK((other.drx == cbc::DrxLevel{40, 39}));
    CHECK(got.config.cbsp.tuning.upkeep.load_query_period == 0s);
    CHECK(got.config.cbsp.tuning.upkeep.answer_timeout == 2s);
    const Read wrong = read_yaml(
        "peers:\n  a: {address: 192.0.2.2, channel: wide, cells_named_by: name, drx: {schedule_period: 41}}\n"
        "  b: {address: 192.0.2.3, drx: {reserved_slots: 40}}\n");
    CHECK(says(wrong, "peers.a.channel: \"wide\" is not one of basic or extended"));
    CHECK(says(wrong, "peers.a.cells_named_by: \"name\" is not one of cgi, lac-ci or ci"));
    CHECK(says(wrong, "peers.a.drx.schedule_period: \"41\" is too large"));
    CHECK(says(wrong, "peers.b.drx.schedule_period: is missing"));
    CHECK(says(wrong, "peers.b.drx.reserved_slots: \"40\" is too large"));
}

void every_mistake_about_a_cbe_is_told() {
    const Read got = read_yaml(
        "cbes:\n  a: {certificate: 'farol://capital/monitor/a', codes: 0-1024, identifiers: ['9-1'], "
        "mode: lives, etws_codes: 0-256}\n  b: {codes: 1-2}\n");
    CHECK(says(got, "is not a URI farol://<site>/cbe/<node>"));
    CHECK(says(got, "\"0-1024\" is not a range FIRST-LAST within 0-1023"));
    CHECK(says(got, "\"0-256\" is not a range FIRST-LAST within 0-255"));
    CHECK(says(got, "\"9-1\" is not a range"));
    CHECK(says(got, "did you mean \"live\"?"));
    CHECK(says(got, "cbes.b.certificate: is missing"));
    CHECK(says(got, "cbes.b.identifiers: is missing"));
}

void codes_that_overlap_are_told() {
    const Read got = read_yaml(
        "cbes:\n  a: {certificate: 'farol://x/cbe/a', codes: 0-9, identifiers: ['4370']}\n"
        "  b: {certificate: 'farol://x/cbe/b', codes: 9-12, identifiers: ['4370']}\n");
    CHECK(says(got, "share message codes: 0-9 and 9-12 overlap"));
}

void every_mistake_about_peers_and_links_is_told() {
    const Read got = read_yaml(
        "cbsp: {unknown_peers: maybe, keep_alive: 0s, attempts: 11, keepalive: 1s}\n"
        "peers:\n  BSC: {address: 192.0.2.2}\n  b: {role: client, address: nowhere}\n"
        "  c: {address: 192.0.2.4, location_areas: ['65536']}\n  d: {}\n");
    CHECK(says(got, "unknown_peers: \"maybe\" is not one of refuse or accept"));
    CHECK(says(got, "cbsp.keep_alive: \"0s\" is too short"));
    CHECK(says(got, "cbsp.attempts: \"11\" is too large"));
    CHECK(says(got, "cbsp.keepalive: unknown key; did you mean \"keep_alive\"?"));
    CHECK(says(got, "\"BSC\" is not a name"));
    CHECK(says(got, "\"nowhere\" is not host:port"));
    CHECK(says(got, "\"65536\" is not a range"));
    CHECK(says(got, "peers.d.address: is missing"));
}

void an_rnc_is_a_peer_of_another_protocol() {
    const auto [config, problems] = read_yaml(
        "sabp: {listen: 127.0.0.1:3452, load_query: 0s, request_timeout: 2s}\n"
        "peers:\n"
        "  rnc-1: {protocol: sabp, role: client, address: \"192.0.2.20:3452\", location_areas: [\"3-4\"]}\n"
        "  bsc-1: {address: 192.0.2.2}\n");
    CHECK_EQ(problems, std::string());
    CHECK_EQ(config.cbsp.peers.size(), size_t{1});
    CHECK_EQ(config.sabp.peers.size(), size_t{1});
    const cbc::SabpPeerConfig& rnc = config.sabp.peers[0];
    CHECK(rnc.role == cbc::LinkRole::kClient && rnc.address.text() == "192.0.2.20:3452");
    CHECK(rnc.areas == (std::vector<uint32_t>{3, 4}));
    CHECK_EQ(config.sabp.listen->port, 3452);
    CHECK(config.sabp.tuning.load_query_period == 0ms);
    CHECK(config.sabp.tuning.request_timeout == 2s);
}

void an_mme_has_addresses_and_an_association_its_timers() {
    const auto [config, problems] = read_yaml(
        "sbcap: {listen: [192.0.2.1, 198.51.100.1], transport: userland, udp_port: 9899, rto_max: 600ms}\n"
        "peers:\n"
        "  mme-1: {protocol: sbcap, address: 192.0.2.30, tracking_areas: [\"7-8\"]}\n"
        "  mme-2: {protocol: sbcap, role: server, addresses: [192.0.2.31, '2001:db8::1'], udp_port: 0}\n");
    CHECK_EQ(problems, std::string());
    const cbc::SbcapConfig& sbcap = config.sbcap;
    CHECK(sbcap.used() && sbcap.listen->size() == 2 && sbcap.local == *sbcap.listen);
    CHECK(sbcap.stack.transport == net::SctpTransport::kUserland && sbcap.stack.udp_port == 9899);
    CHECK(sbcap.association.rto_initial == 600ms);  // never above the longest
    const cbc::SbcapPeerConfig& one = sbcap.peers.at(0);
    CHECK(one.role == cbc::LinkRole::kClient && one.port == cbc::kSbcapPort && one.udp_port == 9899);
    CHECK(one.areas == (std::vector<uint32_t>{7, 8}));
    const cbc::SbcapPeerConfig& two = sbcap.peers.at(1);
    CHECK(two.role == cbc::LinkRole::kServer && two.addresses.size() == 2 && two.udp_port == 0);
    CHECK(!read_yaml("cbsp: {listen: 127.0.0.1:1}\n").config.sbcap.used());
}

void every_mistake_about_an_mme_is_told() {
    const auto got = read_yaml(
        "sbcap: {listen: [here], rto_min: 2s, rto_max: 1s, transport: tcp}\n"
        "peers:\n  a: {protocol: sbcap}\n  b: {protocol: sbcap, address: '192.0.2.1:29168'}\n");
    CHECK(says(got, "\"here\" is not a numeric address"));
    CHECK(says(got, "sbcap.rto_min: is longer than rto_max"));
    CHECK(says(got, "\"tcp\" is not one of"));
    CHECK(says(got, "peers.a.addresses: is missing"));
    CHECK(says(got, "its port is a key of its own"));
}

void a_cell_table_that_is_missing_or_broken_is_told() {
    cbc::Config config;
    config::Document missing = config::Document::parse("cells: /nowhere/cells.csv\n", "f.yaml");
    cbc::read(missing.root(), config);
    std::string problems;
    for (const config::Problem& problem : missing.finish()) problems += problem.message() + "\n";
    CHECK(says({{}, problems}, "/nowhere/cells.csv cannot be read"));

    test::TempDir folder;
    std::ofstream(folder.path() + "/cells.csv") << "technology,mcc,mnc,lac,ci,name,lat,lon\nx\n";
    config::Document broken = config::Document::parse("cells: " + folder.path() + "/cells.csv\n", "f.yaml");
    cbc::read(broken.root(), config);
    problems.clear();
    for (const config::Problem& problem : broken.finish()) problems += problem.message() + "\n";
    CHECK(says({{}, problems}, "cells.csv:2: 1 fields instead of 8"));
}

}  // namespace

GROUP(config, CASE(a_good_file_is_read_with_its_defaults), CASE(osmo_cbcs_clients_are_one_more_cbe),
      CASE(tracking_areas_of_5gs_have_24_bits), CASE(a_bsc_is_spoken_to_in_its_own_manner),
      CASE(every_mistake_about_a_cbe_is_told), CASE(codes_that_overlap_are_told),
      CASE(every_mistake_about_peers_and_links_is_told), CASE(an_rnc_is_a_peer_of_another_protocol),
      CASE(an_mme_has_addresses_and_an_association_its_timers), CASE(every_mistake_about_an_mme_is_told),
      CASE(a_cell_table_that_is_missing_or_broken_is_told))
