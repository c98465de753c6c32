// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/ready_made.h"

#include <array>

namespace cbe {
namespace {

struct Words {
    std::string_view language;
    std::string_view all_clear;
    std::string_view false_alarm;
    std::string_view test;
    std::string_view exercise;
};

// clang-format off
constexpr std::array kWords{
    Words{"en", "ALL CLEAR. The danger of which you were warned is over. You do not have to do anything more.",
          "FALSE ALARM. The alert that you received before was sent by mistake. There is no danger. You do not have to do anything.",
          "TEST. ", "EXERCISE. "},
    Words{"pt", "FIM DO PERIGO. O perigo de que foi avisado terminou. Não precisa de fazer mais nada.",
          "FALSO ALARME. O alerta que recebeu antes foi enviado por engano. Não há perigo. Não precisa de fazer nada.",
          "TESTE. ", "EXERCÍCIO. "},
    Words{"ar", "زال الخطر. انتهى الخطر الذي تم تحذيركم منه. لا يلزم القيام بأي شيء آخر.",
          "إنذار كاذب. أُرسل التنبيه السابق عن طريق الخطأ. لا يوجد خطر. لا يلزم القيام بأي شيء.",
          "اختبار. ", "تمرين. "},
    Words{"es", "FIN DEL PELIGRO. El peligro del que se le avisó ha terminado. No tiene que hacer nada más.",
          "FALSA ALARMA. La alerta que recibió antes se envió por error. No hay peligro. No tiene que hacer nada.",
          "PRUEBA. ", "EJERCICIO. "},
    Words{"fr", "FIN DU DANGER. Le danger dont vous avez été averti est terminé. Vous n'avez plus rien à faire.",
          "FAUSSE ALERTE. L'alerte reçue auparavant a été envoyée par erreur. Il n'y a pas de danger. Vous n'avez rien à faire.",
          "TEST. ", "EXERCICE. "},
};
// clang-format on

const Words* words_in(std::string_view language) {
    for (const Words& words : kWords)
        if (words.language == language) return &words;
    return nullptr;
}

std::string text_of(RelationKind kind, const Words& words, const Channel* channel) {
    const std::string text{kind == RelationKind::kFalseAlarm ? words.false_alarm : words.all_clear};
    if (channel != nullptr && channel->kind == ChannelKind::kTest) return std::string(words.test) + text;
    if (channel != nullptr && channel->kind == ChannelKind::kExercise)
        return std::string(words.exercise) + text;
    return text;
}

bool is_live_channel(const Channel* channel) {
    return channel != nullptr && channel->kind == ChannelKind::kLive;
}

constexpr std::string_view kAdvice = "level4";  // the channel of advice, where a country has it

}  // namespace

Draft ready_made(RelationKind kind, const Alert& about, const Reference& reference) {
    Draft draft = about.draft;
    draft.note.clear();
    draft.broadcasts.reset();
    draft.start.reset();
    const Channel* channel = reference.channels.find(draft.channel);
    const Channel* advice = reference.channels.find(kAdvice);
    if (kind == RelationKind::kAllClear && advice != nullptr && is_live_channel(channel) &&
        reference.allows(kAdvice)) {
        channel = advice;
        draft.channel = advice->key;
        draft.identifier = advice->identifiers.front();
        draft.repetition_period = advice->repetition_period;
    }
    draft.messages.clear();
    for (const Message& message : about.draft.messages)
        if (const Words* words = words_in(message.language))
            draft.messages.push_back({message.language, text_of(kind, *words, channel)});
    if (draft.messages.empty()) draft.messages.push_back({"en", text_of(kind, kWords.front(), channel)});
    return draft;
}

}  // namespace cbe
