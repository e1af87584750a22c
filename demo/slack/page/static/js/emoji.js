// The common emoji shortcodes. Slack's ids and messages carry names; the page shows the character.

const table = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|wave 👋|clap 👏|raised_hands 🙌|pray 🙏|muscle 💪|point_right 👉
point_left 👈|point_up ☝️|point_down 👇|hand ✋|raised_hand ✋|handshake 🤝|writing_hand ✍️|eyes 👀|bust_in_silhouette 👤
busts_in_silhouette 👥|smile 😄|smiley 😃|grinning 😀|grin 😁|slightly_smiling_face 🙂|wink 😉|blush 😊|joy 😂|sweat_smile 😅
thinking_face 🤔|neutral_face 😐|confused 😕|cry 😢|sob 😭|rage 😡|scream 😱|sunglasses 😎|heart_eyes 😍|sleeping 😴|shrug 🤷
facepalm 🤦|robot_face 🤖|ghost 👻|skull 💀|heart ❤️|broken_heart 💔|blue_heart 💙|green_heart 💚|sparkles ✨|star ⭐|star2 🌟
fire 🔥|boom 💥|zap ⚡|tada 🎉|confetti_ball 🎊|balloon 🎈|gift 🎁|trophy 🏆|medal 🏅|rocket 🚀|airplane ✈️|car 🚗|house 🏠|office 🏢
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|heavy_multiplication_x ✖️|negative_squared_cross_mark ❎
no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|warning ⚠️|exclamation ❗|question ❓|grey_question ❔|bangbang ‼️|rotating_light 🚨
information_source ℹ️|red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵
large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|large_green_square 🟩|large_red_square 🟥|large_yellow_square 🟨
white_large_square ⬜|black_large_square ⬛|small_blue_diamond 🔹|large_blue_diamond 🔷|small_orange_diamond 🔸
lock 🔒|unlock 🔓|closed_lock_with_key 🔐|key 🔑|old_key 🗝️|shield 🛡️|passport_control 🛂|ticket 🎫|admission_tickets 🎟️|door 🚪
bell 🔔|no_bell 🔕|loudspeaker 📢|mega 📣|speech_balloon 💬|thought_balloon 💭|email 📧|envelope ✉️|inbox_tray 📥|outbox_tray 📤
package 📦|memo 📝|pencil ✏️|pencil2 ✏️|clipboard 📋|page_facing_up 📄|page_with_curl 📃|bookmark_tabs 📑|file_folder 📁
open_file_folder 📂|card_index_dividers 🗂️|card_file_box 🗃️|file_cabinet 🗄️|books 📚|book 📖|bookmark 🔖|link 🔗|paperclip 📎
pushpin 📌|round_pushpin 📍|scissors ✂️|wastebasket 🗑️|mag 🔍|mag_right 🔎|bulb 💡|gear ⚙️|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️
tools 🛠️|toolbox 🧰|microscope 🔬|test_tube 🧪|computer 💻|desktop_computer 🖥️|iphone 📱|floppy_disk 💾|electric_plug 🔌|battery 🔋
calendar 📅|date 📅|spiral_calendar_pad 🗓️|clock1 🕐|clock3 🕒|alarm_clock ⏰|stopwatch ⏱️|timer_clock ⏲️|hourglass ⌛
hourglass_flowing_sand ⏳|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|moneybag 💰|credit_card 💳|receipt 🧾
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|arrow_forward ▶️|rewind ⏪|fast_forward ⏩
arrows_counterclockwise 🔄|arrows_clockwise 🔃|repeat 🔁|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|double_vertical_bar ⏸️
black_square_for_stop ⏹️|heavy_plus_sign ➕|heavy_minus_sign ➖|new 🆕|free 🆓|up 🆙|ok 🆗|sos 🆘|id 🆔|one 1️⃣|two 2️⃣|three 3️⃣
four 4️⃣|five 5️⃣|100 💯|sunny ☀️|cloud ☁️|umbrella ☔|snowflake ❄️|rainbow 🌈|earth_africa 🌍|globe_with_meridians 🌐|coffee ☕
pizza 🍕|cake 🍰|beer 🍺|dog 🐶|cat 🐱|unicorn_face 🦄|bug 🐛|snail 🐌|turtle 🐢|seedling 🌱|herb 🌿|four_leaf_clover 🍀|deciduous_tree 🌳
technologist 🧑‍💻|construction 🚧|checkered_flag 🏁|triangular_flag_on_post 🚩|white_flag 🏳️|label 🏷️|zzz 💤|crystal_ball 🔮|art 🎨
identification_card 🪪|detective 🕵️|male-detective 🕵️|female-technologist 👩‍💻|male-technologist 👨‍💻|scales ⚖️|broom 🧹|classical_building 🏛️`;

const characters = new Map(
  table
    .split(/[|\n]/)
    .filter(Boolean)
    .map((entry) => {
      const at = entry.lastIndexOf(" ");
      return [entry.slice(0, at).trim(), entry.slice(at + 1)];
    }),
);

/** emoji is the character of a shortcode without its colons (a skin tone after :: is ignored), or "". */
export function emoji(name) {
  return characters.get(name.split("::")[0]) ?? "";
}

/** withEmoji replaces the known shortcodes in plain text. */
export function withEmoji(text) {
  return text.replace(/:([\w+'-]+(?:::skin-tone-\d)?):/g, (whole, name) => emoji(name) || whole);
}
