// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/cbsp_samples.h"

#include "common/cbs/text.h"

namespace test {

namespace {

using namespace cbc::cbsp;  // the names of the protocol, which this file is about
using cbc::Ci;
using cbc::Lac;

constexpr cbs::MessageIdentifier kIdentifier = cbs::kCmasPresidential;
constexpr cbs::SerialNumber kOld{0x4000};
constexpr cbs::SerialNumber kNew{0x4001};

cbc::PlmnId plmn(const char* text) { return *cbc::PlmnId::parse(text); }

Period seconds(int count) { return *Period::at_least(std::chrono::seconds{count}); }

std::vector<CellList> every_kind_of_list() {
    return {AllCells{},
            std::vector<Cgi>{{plmn("001-01"), Lac{23}, Ci{42}}, {plmn("310-410"), Lac{0xffff}, Ci{0}}},
            std::vector<LacCi>{{Lac{1}, Ci{6969}}, {Lac{2}, Ci{6970}}},
            std::vector<Ci>{Ci{1}, Ci{2}, Ci{3}},
            std::vector<Lai>{{plmn("001-001"), Lac{7}}},
            std::vector<Lac>{Lac{23}, Lac{24}}};
}

FailureList failures() {
    return {{Cgi{plmn("001-01"), Lac{23}, Ci{42}}, Cause::kMessageReferenceAlreadyUsed},
            {LacCi{Lac{1}, Ci{2}}, Cause::kCellMemoryExceeded},
            {Ci{3}, Cause::kCellBroadcastNotOperational},
            {Lai{plmn("310-410"), Lac{9}}, Cause::kLaiOrLacNotValid},
            {Lac{10}, Cause::kCellIdentityNotValid}};
}

CompletedList completed() {
    return {{Cgi{plmn("001-01"), Lac{23}, Ci{42}}, 17, BroadcastsInfo::kValid},
            {Cgi{plmn("001-01"), Lac{23}, Ci{43}}, 0, BroadcastsInfo::kValid}};
}

LoadList loads() { return {{LacCi{Lac{1}, Ci{6969}}, 50, 20}}; }

WriteReplace broadcast_of(const std::string& text, const std::string& language,
                          cbs::LanguagePrefix prefix = cbs::LanguagePrefix::kNone) {
    const auto encoded = cbs::encode(text, {.language = language, .prefix = prefix});
    BroadcastContent content{.repetition_period = repetition_period_for(std::chrono::seconds{60}),
                             .coding = encoded->coding,
                             .pages = encoded->pages};
    return {kIdentifier, kNew, std::nullopt, AllCells{}, content};
}

void add_texts(std::vector<CbspSample>& out) {
    const std::string line =
        "Flooding on the river is expected tonight. Move to higher ground and stay there. ";
    std::string long_text;
    while (long_text.size() < 1380) long_text += line;
    const auto add = [&out](const std::string& name, const std::string& text, const std::string& language) {
        out.push_back({"write " + name, broadcast_of(text, language), text});
    };
    add("one page", "Test", "en");
    add("three pages", long_text.substr(0, 250), "en");
    add("fifteen pages", long_text.substr(0, 1390), "");
    add("a full page", long_text.substr(0, 93), "de");
    add("the extension table", "50€ [a] {b} ~ ^ | \\ end", "fr");
    add("an extension character at a page end", long_text.substr(0, 92) + "€ per litre", "");
    add("accents of the alphabet", "Åland, Öland, Zürich: è é ù ì ò Ç ß ñ ¿ ¡ § £ ¥ ¤", "sv");
    add("Greek capitals", "ΔΦΓΛΩΠΨΣΘΞ", "el");
    add("Arabic", "تحذير من الفيضانات: انتقلوا فوراً إلى مكان مرتفع وابقوا هناك حتى إشعار آخر", "ar");
    add("Cyrillic", "Внимание! Ожидается наводнение. Поднимитесь на возвышенность.", "ru");
    add("Chinese", "洪水警报,请立即转移到高处。", "zh");
}

void add_writes(std::vector<CbspSample>& out) {
    WriteReplace replace = broadcast_of("New text", "en");
    replace.old_serial = kOld;
    out.push_back({"replace", replace, "New text"});
    for (const CellList& cells : every_kind_of_list()) {
        WriteReplace write = broadcast_of("Where", "en");
        write.cells = cells;
        out.push_back({"write to list of kind " + std::to_string(static_cast<int>(discriminator_of(cells))),
                       write, "Where"});
    }
    EmergencyContent etws{.warning_type = {cbs::kWarningEarthquake, true, true},
                          .warning_period = seconds(60)};
    out.push_back(
        {"write emergency", WriteReplace{cbs::kEtwsEarthquake, kNew, std::nullopt, AllCells{}, etws}, ""});
    etws.warning_type = {cbs::kWarningTest, false, false};
    out.push_back({"replace emergency", WriteReplace{cbs::kEtwsTest, kNew, kOld, AllCells{}, etws}, ""});
}

void add_write_answers(std::vector<CbspSample>& out) {
    const auto add = [&out](const std::string& name, const Message& message) {
        out.push_back({name, message, ""});
    };
    const auto lists = every_kind_of_list();
    add("write complete",
        WriteReplaceComplete{kIdentifier, kNew, {}, {}, lists[1], ChannelIndicator::kBasic});
    add("replace complete",
        WriteReplaceComplete{kIdentifier, kNew, kOld, completed(), lists[1], ChannelIndicator::kBasic});
    add("write complete emergency", WriteReplaceComplete{cbs::kEtwsTest, kNew, {}, {}, lists[1], {}});
    add("write failure",
        WriteReplaceFailure{kIdentifier, kNew, {}, failures(), {}, lists[2], ChannelIndicator::kBasic});
    add("replace failure",
        WriteReplaceFailure{
            kIdentifier, kNew, kOld, failures(), completed(), {}, ChannelIndicator::kExtended});
    add("kill", Kill{kIdentifier, kOld, lists[1], ChannelIndicator::kBasic});
    add("kill emergency", Kill{cbs::kEtwsTest, kOld, AllCells{}, {}});
    add("kill complete", KillComplete{kIdentifier, kOld, completed(), {}, ChannelIndicator::kBasic});
    add("kill complete emergency", KillComplete{cbs::kEtwsTest, kOld, {}, lists[1], {}});
    add("kill failure",
        KillFailure{kIdentifier, kOld, failures(), completed(), lists[1], ChannelIndicator::kBasic});
}

void add_queries(std::vector<CbspSample>& out) {
    const auto add = [&out](const std::string& name, const Message& message) {
        out.push_back({name, message, ""});
    };
    const auto lists = every_kind_of_list();
    constexpr auto kBasic = ChannelIndicator::kBasic;
    add("load query", LoadQuery{AllCells{}, kBasic});
    add("load query complete", LoadQueryComplete{loads(), kBasic});
    add("load query failure", LoadQueryFailure{failures(), kBasic, loads()});
    add("message status query", MessageStatusQuery{kIdentifier, kOld, lists[5], kBasic});
    add("message status query complete", MessageStatusQueryComplete{kIdentifier, kOld, completed(), kBasic});
    add("message status query failure",
        MessageStatusQueryFailure{kIdentifier, kOld, failures(), kBasic, completed()});
    add("set drx", SetDrx{lists[3], uint8_t{5}, uint8_t{3}, kBasic});
    add("set drx complete", SetDrxComplete{lists[3], kBasic});
    add("set drx failure", SetDrxFailure{failures(), lists[3], kBasic});
}

void add_the_rest(std::vector<CbspSample>& out) {
    const auto add = [&out](const std::string& name, const Message& message) {
        out.push_back({name, message, ""});
    };
    const auto lists = every_kind_of_list();
    add("reset", Reset{AllCells{}});
    add("reset complete", ResetComplete{AllCells{}});
    add("reset failure", ResetFailure{failures(), lists[4]});
    add("restart", Restart{AllCells{}, BroadcastMessageType::kBroadcast, RecoveryIndication::kDataLost});
    add("restart emergency",
        Restart{lists[1], BroadcastMessageType::kEmergency, RecoveryIndication::kDataAvailable});
    add("failure", Failure{failures(), BroadcastMessageType::kEmergency});
    add("error indication", ErrorIndication{Cause::kUnrecognisedMessage, {}, {}, {}, {}});
    add("error indication with all",
        ErrorIndication{Cause::kParameterValueInvalid, kIdentifier, kNew, kOld, ChannelIndicator::kExtended});
    add("keep alive", KeepAlive{seconds(30)});
    add("keep alive complete", KeepAliveComplete{});
}

}  // namespace

std::vector<CbspSample> cbsp_samples() {
    std::vector<CbspSample> out;
    add_texts(out);
    add_writes(out);
    add_write_answers(out);
    add_queries(out);
    add_the_rest(out);
    return out;
}

}  // namespace test
